import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import { compiled } from './solc.ts'

const require = createRequire(import.meta.url)
const FOLDER = 'src/v0.6'

const chainlink = () => {
  const root = dirname(require.resolve('@chainlink/contracts/package.json'))
  return compiled({
    name: 'chainlink',
    compiler: 'solc',
    entries: [`${FOLDER}/EACAggregatorProxy.sol`, `${FOLDER}/FluxAggregator.sol`],
    settings: { optimizer: { enabled: true, runs: 1_000_000 } },
    readSource: (path) => readFileSync(join(root, path), 'utf8'),
    resolveImport: (from, target) => join(dirname(from), target),
  })
}

const proxyArgs = parseAbiParameters('address aggregator, address accessController')
const aggregatorArgs = parseAbiParameters(
  'address link, uint128 paymentAmount, uint32 timeout, address validator, int256 submissionMin, int256 submissionMax, uint8 decimals, string description',
)
const ZERO = '0x0000000000000000000000000000000000000000'
const ANSWER_LIMIT = 2n ** 192n - 1n

/** Creation codes of a price feed: 8 decimals, nobody is paid, any answer is accepted (also zero and negative ones). */
export const chainlinkCreationCodes = () => {
  const { FluxAggregator, EACAggregatorProxy } = chainlink()
  return {
    aggregator: (description: string): Hex => {
      const args = [ZERO, 0n, 0, ZERO, -ANSWER_LIMIT, ANSWER_LIMIT, 8, description] as const
      return `${FluxAggregator}${encodeAbiParameters(aggregatorArgs, args).slice(2)}`
    },
    proxy: (aggregator: Hex): Hex =>
      `${EACAggregatorProxy}${encodeAbiParameters(proxyArgs, [aggregator, ZERO]).slice(2)}`,
  }
}
