import './.screen.test.entry.tmp.ts.pre.ts'
import * as aavev3 from '../../src/protocols/aave-v3/vectors.ts'; (globalThis as any).__v['aave-v3'] = aavev3
import * as aavev4 from '../../src/protocols/aave-v4/vectors.ts'; (globalThis as any).__v['aave-v4'] = aavev4
import * as compoundv2 from '../../src/protocols/compound-v2/vectors.ts'; (globalThis as any).__v['compound-v2'] = compoundv2
import * as compoundv3 from '../../src/protocols/compound-v3/vectors.ts'; (globalThis as any).__v['compound-v3'] = compoundv3
import * as eulerv2 from '../../src/protocols/euler-v2/vectors.ts'; (globalThis as any).__v['euler-v2'] = eulerv2
import * as liquityv1 from '../../src/protocols/liquity-v1/vectors.ts'; (globalThis as any).__v['liquity-v1'] = liquityv1
import * as liquityv2 from '../../src/protocols/liquity-v2/vectors.ts'; (globalThis as any).__v['liquity-v2'] = liquityv2
import * as maker from '../../src/protocols/maker/vectors.ts'; (globalThis as any).__v['maker'] = maker
import * as morphoblue from '../../src/protocols/morpho-blue/vectors.ts'; (globalThis as any).__v['morpho-blue'] = morphoblue
import * as venuscore from '../../src/protocols/venus-core/vectors.ts'; (globalThis as any).__v['venus-core'] = venuscore
await import('./screen.test.ts')
