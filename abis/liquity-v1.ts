// Exactly what is used of Liquity v1 and Sovryn Zero.
import { parseAbi } from 'viem'

export const troveManagerAbi = parseAbi([
  'function liquidate(address _borrower)',
  'function batchLiquidateTroves(address[] _troveArray)',
  'function liquidateTroves(uint256 _n)',
])
