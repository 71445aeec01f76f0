// Which vault of DssCdpManager an urn is: the manager creates one contract for each vault and nothing else, so that the urn of
// vault n is the manager's n-th contract. The chain has no view for it.
import { type Address, getAddress, type Hex, keccak256, numberToHex, toRlp } from 'viem'

/** Addresses of a manager's urns in lower case, with their vaults; as many as were asked for so far. */
type Table = { readonly vaults: Map<Hex, bigint>; count: bigint }

const tables = new Map<Address, Table>()

const createdBy = (creator: Address, nonce: bigint): Hex =>
  `0x${keccak256(toRlp([creator, numberToHex(nonce)])).slice(-40)}`

/** The urn of a vault. */
export const urnOfVault = (manager: Address, cdp: bigint): Address => getAddress(createdBy(manager, cdp))

/** The vault whose urn this is, among the first `count`; undefined where it is none. */
export const vaultOf = (manager: Address, urn: Address, count: bigint): bigint | undefined => {
  const table = tables.get(manager) ?? { vaults: new Map(), count: 0n }
  tables.set(manager, table)
  for (; table.count < count; table.count += 1n) {
    const cdp = table.count + 1n
    table.vaults.set(createdBy(manager, cdp), cdp)
  }
  const cdp = table.vaults.get(urn.toLowerCase() as Hex)
  return cdp !== undefined && cdp <= count ? cdp : undefined
}
