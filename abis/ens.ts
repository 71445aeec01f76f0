// Exactly what is used of ENS: its registry and the address record of a resolver (EIP-137), how others are asked with a call as an
// argument (ENSIP-10) and known by (ERC-165).
import { parseAbi } from 'viem'

export const ensRegistryAbi = parseAbi([
  'function owner(bytes32 node) view returns (address)',
  'function resolver(bytes32 node) view returns (address)',
])

export const ensResolverAbi = parseAbi([
  'function addr(bytes32 node) view returns (address)',
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
  'function resolve(bytes name, bytes data) view returns (bytes)',
])
