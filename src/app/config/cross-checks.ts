// What a schema alone cannot see: names that have to be unique or to exist, rules that have to compile.
import { knownChain } from '../../chain/viem-chain.ts'
import type { Adapter } from '../../protocols/adapter.ts'
import { knownDeployments, nameOfWanted } from './config.ts'
import type { PathFault } from './issues.ts'
import { receiverFaults, repeated } from './named.ts'
import { notifyFaults } from './notify.ts'
import { faultsOfRules } from './rule-checks.ts'
import type { ConfigInput } from './schema.ts'
import { serverFaults } from './server.ts'
import { watcherFaults } from './watcher.ts'

const marketFaults = (adapters: readonly Adapter[], { chains }: ConfigInput): readonly PathFault[] =>
  chains.flatMap(({ id, markets }, chainIndex) => {
    const known = knownDeployments(adapters, id).map(nameOfWanted)
    const path = ['chains', chainIndex, 'markets']
    const list =
      known.length > 0
        ? `chain ${id} has ${known.join(', ')}`
        : `none is known on chain ${id}; describe it instead`
    if (markets === 'all')
      return known.length > 0 ? [] : [{ path, message: `there is nothing to follow: ${list}` }]
    const nameOf = (market: (typeof markets)[number]): string =>
      typeof market === 'string' ? market : `${String(market['protocol'])}:${String(market['deployment'])}`
    return [
      ...markets.flatMap((market, index) =>
        typeof market === 'string' && !known.includes(market)
          ? [{ path: [...path, index], message: `${market} is no known deployment: ${list}` }]
          : [],
      ),
      ...repeated(markets, nameOf, path, 'the market'),
    ]
  })

const chainFaults = ({ chains }: ConfigInput): readonly PathFault[] => [
  ...repeated(chains, ({ id }) => String(id), ['chains'], 'chain'),
  ...chains.flatMap(({ id, rpc }, index) =>
    rpc || knownChain(id).publicRpc.length > 0
      ? []
      : [
          {
            path: ['chains', index, 'rpc'],
            message: `chain ${id} has no public endpoint that is known; list one under rpc`,
          },
        ],
  ),
]

const watchFaults = ({ receivers, watch }: ConfigInput): readonly PathFault[] => [
  ...repeated(receivers, ({ name }) => name, ['receivers'], 'the receiver'),
  ...watch.flatMap(({ receivers: wanted = [] }, index) =>
    receiverFaults(wanted, receivers, ['watch', index, 'receivers']),
  ),
]

const groupFaults = ({ groups }: ConfigInput): readonly PathFault[] => [
  ...repeated(groups, ({ name }) => name, ['groups'], 'the group'),
  ...groups.flatMap(({ name, assets }, index) =>
    assets.flatMap((asset, at) => {
      const first = groups.find((other) => other.assets.includes(asset))
      const isRepeated = first?.name !== name || assets.indexOf(asset) < at
      return isRepeated
        ? [
            {
              path: ['groups', index, 'assets', at],
              message: `${asset} is in group ${first?.name} already; an asset moves with one group`,
            },
          ]
        : []
    }),
  ),
]

/** Every fault that lies between parts of a configuration. */
export const crossFaults = (input: ConfigInput, adapters: readonly Adapter[]): readonly PathFault[] => [
  ...chainFaults(input),
  ...marketFaults(adapters, input),
  ...watchFaults(input),
  ...notifyFaults(input.notify, input.receivers, input.rules ?? []),
  ...faultsOfRules(input, adapters),
  ...serverFaults(input),
  ...groupFaults(input),
  ...watcherFaults(input),
]
