// Taken from Chainlink's AggregatorV3Interface (@chainlink/contracts 0.6.1, src/v0.6/interfaces). A proxy's round ids hold the phase in
// the bits from 64 on. An L2 sequencer uptime feed has the same face: answer 0 is up, 1 is down, `startedAt` when that began.
import { parseAbi } from 'viem'

export const aggregatorAbi = parseAbi([
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
  'function getRoundData(uint80 roundId) view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])
