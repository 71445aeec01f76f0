// Exactly what is used of Maker. Taken from makerdao/dss: Vat, Jug and Spotter at e2cdd970 (as deployed, with LibNote), Dog, Clipper
// and the Abacus curves at fa4f663; makerdao/osm at e36c874; makerdao/dss-cdp-manager at fa2af95 (as deployed), GetCdps; makerdao/lockstake
// (LockstakeEngine, LockstakeClipper); makerdao/ilk-registry; DSProxy and its registry and factory as deployed (dapphub/ds-proxy).
import { parseAbi } from 'viem'

export const vatAbi = parseAbi([
  'function Line() view returns (uint256)',
  'function debt() view returns (uint256)',
  'function live() view returns (uint256)',
  'function ilks(bytes32 ilk) view returns (uint256 Art, uint256 rate, uint256 spot, uint256 line, uint256 dust)',
  'function urns(bytes32 ilk, address urn) view returns (uint256 ink, uint256 art)',
  'function init(bytes32 ilk)',
  'function file(bytes32 ilk, bytes32 what, uint256 data)',
  'function frob(bytes32 i, address u, address v, address w, int256 dink, int256 dart)',
  'function fork(bytes32 ilk, address src, address dst, int256 dink, int256 dart)',
  'function grab(bytes32 i, address u, address v, address w, int256 dink, int256 dart)',
  'function fold(bytes32 i, address u, int256 rate)',
])

export const jugAbi = parseAbi([
  'function base() view returns (uint256)',
  'function ilks(bytes32 ilk) view returns (uint256 duty, uint256 rho)',
  'function init(bytes32 ilk)',
  'function file(bytes32 ilk, bytes32 what, uint256 data)',
  'function drip(bytes32 ilk) returns (uint256 rate)',
])

export const spotterAbi = parseAbi([
  'function par() view returns (uint256)',
  'function live() view returns (uint256)',
  'function ilks(bytes32 ilk) view returns (address pip, uint256 mat)',
  'function file(bytes32 ilk, bytes32 what, address pip_)',
  'function file(bytes32 ilk, bytes32 what, uint256 data)',
  'function poke(bytes32 ilk)',
])

export const dogAbi = parseAbi([
  'function Hole() view returns (uint256)',
  'function Dirt() view returns (uint256)',
  'function live() view returns (uint256)',
  'function ilks(bytes32 ilk) view returns (address clip, uint256 chop, uint256 hole, uint256 dirt)',
  'function bark(bytes32 ilk, address urn, address kpr) returns (uint256 id)',
  'event File(bytes32 indexed ilk, bytes32 indexed what, uint256 data)',
  'event File(bytes32 indexed ilk, bytes32 indexed what, address clip)',
  'event Bark(bytes32 indexed ilk, address indexed urn, uint256 ink, uint256 art, uint256 due, address clip, uint256 indexed id)',
  'event Digs(bytes32 indexed ilk, uint256 rad)',
])

export const clipAbi = parseAbi([
  'function buf() view returns (uint256)',
  'function tail() view returns (uint256)',
  'function cusp() view returns (uint256)',
  'function chip() view returns (uint64)',
  'function tip() view returns (uint192)',
  'function chost() view returns (uint256)',
  'function stopped() view returns (uint256)',
  'function kicks() view returns (uint256)',
  'function calc() view returns (address)',
  'function list() view returns (uint256[])',
  'function getStatus(uint256 id) view returns (bool needsRedo, uint256 price, uint256 lot, uint256 tab)',
  'function take(uint256 id, uint256 amt, uint256 max, address who, bytes data)',
  'function redo(uint256 id, address kpr)',
  'event File(bytes32 indexed what, uint256 data)',
  'event File(bytes32 indexed what, address data)',
  'event Kick(uint256 indexed id, uint256 top, uint256 tab, uint256 lot, address indexed usr, address indexed kpr, uint256 coin)',
  'event Take(uint256 indexed id, uint256 max, uint256 price, uint256 owe, uint256 tab, uint256 lot, address indexed usr)',
  'event Redo(uint256 indexed id, uint256 top, uint256 tab, uint256 lot, address indexed usr, address indexed kpr, uint256 coin)',
  'event Yank(uint256 id)',
])

/** Clipper's own sale. */
export const clipperSaleAbi = parseAbi([
  'function sales(uint256 id) view returns (uint256 pos, uint256 tab, uint256 lot, address usr, uint96 tic, uint256 top)',
])

/** LockstakeClipper's sale also knows the whole lot, and its engine. */
export const lockstakeClipperAbi = parseAbi([
  'function engine() view returns (address)',
  'function sales(uint256 id) view returns (uint256 pos, uint256 tab, uint256 lot, uint256 tot, address usr, uint96 tic, uint256 top)',
])

export const calcAbi = parseAbi([
  'function tau() view returns (uint256)',
  'function step() view returns (uint256)',
  'function cut() view returns (uint256)',
  'function price(uint256 top, uint256 dur) view returns (uint256)',
])

export const pipAbi = parseAbi(['function peek() view returns (bytes32 val, bool has)'])

export const osmAbi = parseAbi([
  'function stopped() view returns (uint256)',
  'function src() view returns (address)',
  'function hop() view returns (uint16)',
  'function zzz() view returns (uint64)',
  'function poke()',
  'function stop()',
  'function start()',
  'function change(address src_)',
  'function void()',
  'event LogValue(bytes32 val)',
])

export const cdpManagerAbi = parseAbi([
  'function cdpi() view returns (uint256)',
  'function owns(uint256 cdp) view returns (address)',
  'function give(uint256 cdp, address dst)',
  'event NewCdp(address indexed usr, address indexed own, uint256 indexed cdp)',
])

export const getCdpsAbi = parseAbi([
  'function getCdpsAsc(address manager, address guy) view returns (uint256[] ids, address[] urns, bytes32[] ilks)',
])

export const lockstakeEngineAbi = parseAbi([
  'function ilk() view returns (bytes32)',
  'function fee() view returns (uint256)',
  'function ownerUrnsCount(address owner) view returns (uint256)',
  'function ownerUrns(address owner, uint256 index) view returns (address)',
  'function urnOwners(address urn) view returns (address)',
])

export const ilkRegistryAbi = parseAbi([
  'function list() view returns (bytes32[])',
  'function info(bytes32 ilk) view returns (string name, string symbol, uint256 class, uint256 dec, address gem, address pip, address join, address xlip)',
])

export const proxyRegistryAbi = parseAbi(['function proxies(address owner) view returns (address)'])

export const proxyFactoryAbi = parseAbi(['function isProxy(address proxy) view returns (bool)'])

export const proxyAbi = parseAbi(['function owner() view returns (address)'])
