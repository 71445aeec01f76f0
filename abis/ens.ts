// Exactly what is used of ENS: its registry (EIP-137), the address record of a resolver (EIP-137), resolvers that are asked with a
// call as an argument (ENSIP-10), what these are known by (ERC-165), and the refusal of one that answers elsewhere (EIP-3668).
import { parseAbi } from 'viem'

export const ensRegistryAbi = parseAbi([
  'function owner(bytes32 node) view returns (address)',
  'function resolver(bytes32 node) view returns (address)',
])

export const ensResolverAbi = parseAbi([
  'function addr(bytes32 node) view returns (address)',
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
  'function resolve(bytes name, bytes data) view returns (bytes)',
  'error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)',
])
