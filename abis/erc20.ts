// ERC-20 (EIP-20); some tokens older than the standard's optional part answer bytes32, which is decoded by hand.
import { parseAbi } from 'viem'

export const erc20Abi = parseAbi([
  'function symbol() view returns (string)',
  'function balanceOf(address account) view returns (uint256)',
])
