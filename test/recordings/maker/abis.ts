// What governance, keepers and borrowers call besides what the adapter knows: makerdao/dss, osm, dss-cdp-manager, lockstake, ds-proxy, and stand-ins.
import { parseAbi } from 'viem'

export const governedAbi = parseAbi([
  'function rely(address usr)',
  'function init(bytes32 ilk)',
  'function kiss(address a)',
  'function step(uint16 ts)',
  'function upchost()',
  'function yank(uint256 id)',
  'function cage()',
])

/** `file` with a number and with an address, of a module and of one of its ilks. */
export const fileNumberAbi = parseAbi(['function file(bytes32 what, uint256 data)'])
export const fileAddressAbi = parseAbi(['function file(bytes32 what, address data)'])
export const fileIlkNumberAbi = parseAbi(['function file(bytes32 ilk, bytes32 what, uint256 data)'])
export const fileIlkAddressAbi = parseAbi(['function file(bytes32 ilk, bytes32 what, address data)'])

export const vatAbi = parseAbi([
  'function hope(address usr)',
  'function slip(bytes32 ilk, address usr, int256 wad)',
  'function suck(address u, address v, uint256 rad)',
])

export const managerAbi = parseAbi([
  'function open(bytes32 ilk, address usr) returns (uint256)',
  'function ilks(uint256 cdp) view returns (bytes32)',
  'function frob(uint256 cdp, int256 dink, int256 dart)',
  'function shift(uint256 cdpSrc, uint256 cdpDst)',
])

export const engineAbi = parseAbi([
  'function open(uint256 index) returns (address urn)',
  'function lock(address owner, uint256 index, uint256 wad, uint16 ref)',
  'function free(address owner, uint256 index, address to, uint256 wad) returns (uint256)',
  'function draw(address owner, uint256 index, address to, uint256 wad)',
  'function wipe(address owner, uint256 index, uint256 wad)',
])

export const tokenAbi = parseAbi([
  'function mint(address to, uint256 value)',
  'function approve(address spender, uint256 value)',
])

export const registryAbi = parseAbi([
  'function put(bytes32 ilk, address join, address gem, uint256 dec, uint256 class, address pip, address xlip, string name, string symbol)',
])

export const proxyAbi = parseAbi([
  'function build(address owner) returns (address)',
  'function execute(address target, bytes data) payable returns (bytes)',
  'function setOwner(address owner)',
])

export const scriptAbi = parseAbi(['function run(address[] to, bytes[] data)'])

export const sourceAbi = parseAbi(['function set(uint256 v, bool h)', 'function breakIt()'])
