import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compiled } from '../solc.ts'

const require = createRequire(import.meta.url)

const sourcesOf = (name: string) => {
  const root = dirname(require.resolve(`${name}/package.json`))
  return {
    readSource: (path: string) => readFileSync(join(root, path), 'utf8'),
    resolveImport: (from: string, target: string) => join(dirname(from), target),
  }
}

/** Creation codes of Morpho Blue 1.0.0 with the mocks of its own tests, and of AdaptiveCurveIrm. */
export const morphoCreationCodes = () => ({
  ...compiled({
    name: 'morpho-blue',
    compiler: 'solc-0.8.19',
    entries: ['src/Morpho.sol', 'src/mocks/IrmMock.sol', 'src/mocks/OracleMock.sol'],
    settings: { optimizer: { enabled: true, runs: 200 } },
    ...sourcesOf('@morpho-org/morpho-blue'),
  }),
  ...compiled({
    name: 'morpho-blue-irm',
    compiler: 'solc-0.8.21',
    entries: ['domains/morphoIrm/contracts/AdaptiveCurveIrm.sol'],
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'paris' },
    ...sourcesOf('sphere-mezo-solidity-files'),
  }),
})
