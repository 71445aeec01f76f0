// Maker as it stands on Ethereum, from contracts built elsewhere: Vat, Jug and Spotter with notes, Dog, a clip for each ilk, OSMs,
// the manager of vaults, proxies, and a Lockstake engine.
import { type Abi, type Address, encodeFunctionData, type Hex, stringToHex, zeroAddress } from 'viem'
import { osmAbi, spotterAbi } from '../../../abis/maker.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { createPlan, namedAccount, type Plan, type Transaction } from '../../devnet/plan.ts'
import { sendAll } from '../../devnet/send-all.ts'
import type { Artifacts } from '../artifacts.ts'
import {
  fileAddressAbi,
  fileIlkAddressAbi,
  fileIlkNumberAbi,
  fileNumberAbi,
  governedAbi,
  registryAbi,
  sourceAbi,
  tokenAbi,
  vatAbi,
} from './abis.ts'
import { ILKS, type IlkSpec } from './ilks.ts'

export const ADMIN = namedAccount('maker admin')
export const BUYER = namedAccount('maker buyer')
export const WAD = 10n ** 18n
export const RAY = 10n ** 27n
export const RAD = 10n ** 45n

const PLENTY = 2n ** 100n
/** DAI of the buyer at auctions, which counts towards the Line. */
const MONEY = 50_000_000n
const OSM_HOP_SECONDS = 3_601

export const bytes32 = (text: string): Hex => stringToHex(text, { size: 32 })

/** A number of so many decimals, good to nine digits behind the comma. */
export const scaled = (value: number, unit: bigint): bigint =>
  (BigInt(Math.round(value * 1e9)) * unit) / 1_000_000_000n

export const encoded = (abi: Abi, functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args })

/** One ilk as it stands. `pip` is what the Spotter asks, `source` who tells it, the same for a plain one. */
export type RecordedIlk = IlkSpec & {
  readonly ilk: Hex
  readonly gem: Address
  readonly source: IlkSpec['source']
  readonly teller: Address
  readonly pip: Address
  readonly clip: IlkSpec['clip']
  readonly clipAddress: Address
  readonly calc: Address
}

export type RecordedMaker = {
  readonly vat: Address
  readonly jug: Address
  readonly spotter: Address
  readonly dog: Address
  readonly vow: Address
  readonly dai: Address
  readonly ilkRegistry: Address
  readonly cdpManager: Address
  readonly getCdps: Address
  readonly proxyFactory: Address
  readonly proxyRegistry: Address
  readonly script: Address
  readonly engine: Address
  readonly usds: Address
  readonly mkr: Address
  readonly ilks: readonly RecordedIlk[]
  readonly fromBlock: number
}

type Core = Omit<RecordedMaker, 'ilks' | 'fromBlock'>

/** `file` of a number. */
export const fileNumber = (to: Address, what: string, data: bigint): Transaction => ({
  from: ADMIN,
  to,
  data: encoded(fileNumberAbi, 'file', [bytes32(what), data]),
})

export const fileIlkNumber = (to: Address, ilk: Hex, what: string, data: bigint): Transaction => ({
  from: ADMIN,
  to,
  data: encoded(fileIlkNumberAbi, 'file', [ilk, bytes32(what), data]),
})

const planner = (plan: Plan, artifacts: Artifacts) => ({
  deploy: (contract: string, args = {}) => plan.deploy(artifacts.creationCode(contract, args)),
  call: (to: Address, abi: Abi, name: string, args: readonly unknown[]) =>
    plan.call(to, encoded(abi, name, args)),
  rely: (on: Address, usr: Address) => plan.call(on, encoded(governedAbi, 'rely', [usr])),
  file: (to: Address, what: string, data: bigint) => plan.call(to, fileNumber(to, what, data).data),
  fileAddress: (to: Address, what: string, data: Address) =>
    plan.call(to, encoded(fileAddressAbi, 'file', [bytes32(what), data])),
  fileIlk: (to: Address, ilk: Hex, what: string, data: bigint) =>
    plan.call(to, fileIlkNumber(to, ilk, what, data).data),
  fileIlkAddress: (to: Address, ilk: Hex, what: string, data: Address) =>
    plan.call(to, encoded(fileIlkAddressAbi, 'file', [ilk, bytes32(what), data])),
})

type Planner = ReturnType<typeof planner>

const planCore = ({ deploy, rely, file, fileAddress }: Planner): Omit<Core, 'engine' | 'usds' | 'mkr'> => {
  const vat = deploy('Vat')
  const jug = deploy('Jug', { vat_: vat })
  const spotter = deploy('Spotter', { vat_: vat })
  const dog = deploy('Dog', { vat_: vat })
  const vow = deploy('VowStub')
  const cat = deploy('CatStub', { v: vat })
  for (const module of [jug, spotter, dog, cat]) rely(vat, module)
  const ilkRegistry = deploy('IlkRegistry', { vat_: vat, dog_: dog, cat_: cat, spot_: spotter })
  file(vat, 'Line', (MONEY + 10_000_000n) * RAD)
  file(dog, 'Hole', 150_000n * RAD)
  fileAddress(dog, 'vow', vow)
  fileAddress(jug, 'vow', vow)
  const proxyFactory = deploy('DSProxyFactory')
  return {
    ...{ vat, jug, spotter, dog, vow, ilkRegistry, proxyFactory },
    dai: deploy('Token', { n: 'DAI', d: 18 }),
    cdpManager: deploy('DssCdpManager', { vat_: vat }),
    getCdps: deploy('GetCdps'),
    proxyRegistry: deploy('ProxyRegistry', { factory_: proxyFactory }),
    script: deploy('Script'),
  }
}

const planEngine = (
  { deploy, rely, file, fileAddress }: Planner,
  { vat, jug }: Pick<Core, 'vat' | 'jug'>,
  ilk: Hex,
): Pick<Core, 'engine' | 'usds' | 'mkr'> => {
  const token = () => deploy('GemMock', { initialSupply: 0n })
  const [mkr, sky, usds] = [token(), token(), token()]
  const mkrSky = deploy('MkrSkyMock', { mkr_: mkr, sky_: sky, rate_: 24_000n })
  const lsmkr = deploy('LockstakeMkr')
  const engine = deploy('LockstakeEngine', {
    voteDelegateFactory_: deploy('VoteDelegateFactoryMock', { _gov: mkr }),
    usdsJoin_: deploy('UsdsJoinMock', { vat_: vat, usds_: usds }),
    ...{ ilk_: ilk, mkrSky_: mkrSky, lsmkr_: lsmkr },
  })
  fileAddress(engine, 'jug', jug)
  file(engine, 'fee', (5n * WAD) / 100n)
  rely(lsmkr, engine)
  rely(vat, engine)
  return { engine, usds, mkr }
}

const CURVES = {
  linear: ['LinearDecrease', { tau: 9_000n }],
  stairstep: ['StairstepExponentialDecrease', { cut: (99n * RAY) / 100n, step: 90n }],
  exponential: ['ExponentialDecrease', { cut: RAY - RAY / 4_000n }],
} as const

/** An ilk's clip and its curve, which may take collateral and pay keepers. */
const planClip = (
  { deploy, rely, file, fileAddress, fileIlkAddress }: Planner,
  { vat, spotter, dog, vow, engine }: Core,
  spec: IlkSpec,
  ilk: Hex,
): Pick<RecordedIlk, 'clipAddress' | 'calc'> => {
  if (spec.clip === 'none') return { clipAddress: zeroAddress, calc: zeroAddress }
  const args = { vat_: vat, spotter_: spotter, dog_: dog, ilk_: ilk, engine_: engine }
  const clip = deploy(spec.clip === 'lockstake' ? 'LockstakeClipper' : 'Clipper', args)
  const [contract, parameters] = CURVES[spec.curve]
  const calc = deploy(contract)
  for (const [what, value] of Object.entries(parameters)) file(calc, what, value)
  file(clip, 'buf', (11n * RAY) / 10n)
  file(clip, 'tail', 7_200n)
  file(clip, 'cusp', (45n * RAY) / 100n)
  file(clip, 'chip', WAD / 1_000n)
  file(clip, 'tip', 50n * RAD)
  fileAddress(clip, 'calc', calc)
  fileAddress(clip, 'vow', vow)
  for (const on of [vat, dog]) rely(on, clip)
  if (spec.clip === 'lockstake') rely(engine, clip)
  rely(clip, dog)
  fileIlkAddress(dog, ilk, 'clip', clip)
  return { clipAddress: clip, calc }
}

/** Who tells the price of an ilk, and what the Spotter asks. */
const planSource = (
  { deploy, call }: Planner,
  spec: IlkSpec,
  before: readonly RecordedIlk[],
): Pick<RecordedIlk, 'teller' | 'pip'> => {
  const shared = before.find(({ name }) => name === spec.shares)
  if (shared) return { teller: shared.teller, pip: shared.pip }
  const teller = deploy(spec.source === 'toll' ? 'TollSource' : 'PriceSource')
  call(teller, sourceAbi, 'set', [scaled(spec.price, WAD), true])
  return { teller, pip: spec.source === 'osm' ? deploy('OSM', { src_: teller }) : teller }
}

const planIlk = (to: Planner, core: Core, spec: IlkSpec, before: readonly RecordedIlk[]): RecordedIlk => {
  const { vat, jug, spotter, dog, ilkRegistry, mkr } = core
  const { deploy, call, fileIlk, fileIlkAddress } = to
  const ilk = bytes32(spec.name)
  const gem = spec.clip === 'lockstake' ? mkr : deploy('Token', { n: spec.symbol, d: spec.decimals })
  const source = planSource(to, spec, before)
  call(vat, governedAbi, 'init', [ilk])
  call(jug, governedAbi, 'init', [ilk])
  fileIlk(jug, ilk, 'duty', RAY + BigInt(spec.mat) * 10n ** 16n)
  fileIlk(vat, ilk, 'line', 3_000_000n * RAD)
  fileIlk(vat, ilk, 'dust', BigInt(spec.dust) * RAD)
  fileIlkAddress(spotter, ilk, 'pip', source.pip)
  fileIlk(spotter, ilk, 'mat', (BigInt(spec.mat) * RAY) / 100n)
  fileIlk(dog, ilk, 'chop', (113n * WAD) / 100n)
  fileIlk(dog, ilk, 'hole', BigInt(spec.hole) * RAD)
  const clip = planClip(to, core, spec, ilk)
  if (spec.source !== 'value')
    for (const reader of [spotter, clip.clipAddress]) call(source.pip, governedAbi, 'kiss', [reader])
  if (clip.clipAddress !== zeroAddress) call(clip.clipAddress, governedAbi, 'upchost', [])
  if (spec.hop) call(source.pip, governedAbi, 'step', [spec.hop])
  const { name, symbol, decimals, registered } = spec
  if (registered)
    call(ilkRegistry, registryAbi, 'put', [
      ...[ilk, zeroAddress, gem, BigInt(decimals), 1n, source.pip, clip.clipAddress, name, symbol],
    ])
  return { ...spec, ilk, gem, ...source, ...clip }
}

/** OSM.poke of every delayed source, then Spotter.poke of every ilk. */
export const pokes = ({ spotter, ilks }: RecordedMaker): readonly Transaction[] => [
  ...[...new Set(ilks.filter(({ source }) => source === 'osm').map(({ pip }) => pip))].map((to) => ({
    ...{ from: ADMIN, to, data: encoded(osmAbi, 'poke', []) },
  })),
  ...ilks.map(({ ilk }) => ({
    ...{ from: ADMIN, to: spotter, data: encoded(spotterAbi, 'poke', [ilk]) },
  })),
]

/** A buyer with DAI who lets every clip take it. */
const planBuyer = ({ vat, vow }: Core, ilks: readonly RecordedIlk[]): readonly Transaction[] => [
  { from: ADMIN, to: vat, data: encoded(vatAbi, 'suck', [vow, BUYER, MONEY * RAD]) },
  ...ilks
    .filter(({ clipAddress }) => clipAddress !== zeroAddress)
    .map(({ clipAddress }) => ({
      ...{ from: BUYER, to: vat, data: encoded(vatAbi, 'hope', [clipAddress]) },
    })),
]

/** MKR, and USDS to repay with, for accounts that lock and draw. */
const planTokens = ({ mkr, usds, engine }: Core, accounts: readonly Address[]): readonly Transaction[] =>
  accounts.flatMap((from) =>
    [mkr, usds].flatMap((to) => [
      { from: ADMIN, to, data: encoded(tokenAbi, 'mint', [from, to === mkr ? PLENTY : 0n]) },
      { from, to, data: encoded(tokenAbi, 'approve', [engine, 2n ** 256n - 1n]) },
    ]),
  )

/** Deploys and wires everything; prices are in force when it is done. */
export const deployMaker = async (
  devnet: Devnet,
  artifacts: Artifacts,
  accounts: readonly Address[],
): Promise<RecordedMaker> => {
  const plan = createPlan(ADMIN)
  const to = planner(plan, artifacts)
  const lockstake = ILKS.find(({ clip }) => clip === 'lockstake')
  const modules = planCore(to)
  const core: Core = { ...modules, ...planEngine(to, modules, bytes32(lockstake?.name ?? '')) }
  const ilks: RecordedIlk[] = []
  for (const spec of ILKS) ilks.push(planIlk(to, core, spec, ilks))
  const block = await sendAll(devnet, 'Maker', plan.transactions)
  const maker: RecordedMaker = { ...core, ilks, fromBlock: block.number }
  await sendAll(devnet, 'money', [...planBuyer(core, ilks), ...planTokens(core, accounts)])
  for (let poke = 0; poke < 2; poke++) await devnet.send(pokes(maker), OSM_HOP_SECONDS)
  return maker
}
