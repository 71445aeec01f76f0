import { type Address, concatHex, type Hex, numberToHex, size, toFunctionSelector } from 'viem'

/** PUSH0 PUSH0 REVERT: a contract that reverts without data. */
export const REVERTING: Hex = '0x5f5ffd'

/** INVALID: a contract that burns all gas it is given. */
export const BURNING: Hex = '0xfe'

/** Creation code that installs `runtime` (below 64 KiB). */
export const creationCode = (runtime: Hex): Hex =>
  // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
  concatHex(['0x61', numberToHex(size(runtime), { size: 2 }), '0x80600a5f395ff3', runtime])

/**
 * Runtime code that answers POOL_REVISION() with `revision`, accepts initialize(address), and delegates every other
 * call to `implementation`: the live pool under another revision number.
 */
export const revisionShim = (implementation: Address, revision: number): Hex =>
  concatHex([
    '0x5f3560e01c80', // the selector, twice
    concatHex(['0x63', toFunctionSelector('POOL_REVISION()'), '0x14604157']), // equal: jump to 0x41
    concatHex(['0x63', toFunctionSelector('initialize(address)'), '0x14604157']),
    '0x365f5f37', // calldatacopy(0, 0, calldatasize)
    concatHex(['0x5f5f365f73', implementation, '0x5af4']), // delegatecall
    '0x3d5f5f3e', // returndatacopy(0, 0, returndatasize)
    '0x604b573d5ffd', // success: jump to 0x4b, else revert
    concatHex(['0x5b61', numberToHex(revision, { size: 2 }), '0x5f5260205ff3']), // 0x41: return revision
    '0x5b3d5ff3', // 0x4b: return what the implementation returned
  ])

/** A contract that answers 1, which is true, to every call. */
export const AGREEING: Hex =
  // PUSH1 1, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
  '0x60015f5260205ff3'

/** Runtime code that delegates every call to `implementation` (ERC-1167). */
export const minimalProxy = (implementation: Address): Hex =>
  concatHex(['0x363d3d373d3d3d363d73', implementation, '0x5af43d82803e903d91602b57fd5bf3'])
