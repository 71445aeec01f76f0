// Golden vectors of Maker (format: README beside the vectors) against this adapter.
import type { Bid } from '../../model/auction.ts'
import type { Blocked, LiquidationOutcome } from '../../model/liquidation.ts'
import { unlessRefused } from '../refusing.ts'
import {
  checkRecord,
  compareRecorded,
  type VectorChecks,
  type VectorFile,
  type VectorResult,
  type World,
  type Worlds,
} from '../vectors.ts'
import { answerAfterPoke, rateAfterDrip, refresh, spotAfterPoke } from './accrual.ts'
import { assess, nextAt } from './assess.ts'
import { auctions } from './auctions.ts'
import { BARK, liquidate } from './liquidation.ts'
import { type Pool, poolOf } from './pool.ts'
import { type IlkMarket, type MakerMarket, type MakerPosition, SYSTEM } from './state.ts'
import { DAI, envAfter, GEM, saleOf, worldOf } from './vectors/recorded.ts'

type MakerWorld = World<MakerMarket, MakerPosition>
type Outcome = LiquidationOutcome<MakerMarket, MakerPosition> | Blocked
type Markets = ReadonlyMap<string, MakerMarket> | undefined

const barkIn = ({ market, position, env }: MakerWorld): Outcome =>
  liquidate(market, position, env, { method: BARK, debtAsset: DAI, collateralAsset: GEM })

const dirtIn = (market: MakerMarket, markets: Markets): { readonly Dirt: bigint; readonly dirt: bigint } => {
  const system = markets?.get(SYSTEM)
  if (market.isShared || !market.dog || !system?.isShared || !system.system)
    throw new Error('nothing is left behind')
  return { Dirt: system.system.Dirt, dirt: market.dog.dirt }
}

/** What a bark leaves of the urn and the limits, and the sale that it starts. */
const afterBark = ({ after, reward }: Extract<Outcome, { readonly kind: 'liquidated' }>) => {
  const market = after.market as IlkMarket
  const id = market.clip?.kicks.toString() ?? ''
  const { ink = 0n, art = 0n } = after.position ?? {}
  const coin = reward?.[0]?.value ?? 0n
  return {
    id,
    sale: market.sales[id],
    coin,
    ink,
    art,
    Art: market.vat?.Art,
    ...dirtIn(market, after.markets),
  }
}

const sceneBark = (outcome: Outcome): object => {
  if (outcome.kind === 'blocked') return { ok: false, revert: outcome.revert }
  const { sale, coin, ink, art, Dirt, dirt } = afterBark(outcome)
  return {
    ok: true,
    ...{ tab: sale?.tab, lot: sale?.lot, tic: String(sale?.tic), top: sale?.top },
    ...{ coin, inkAfter: ink, artAfter: art, DirtAfter: Dirt, dirtAfter: dirt },
  }
}

/** The health that was foreseen, held against health in the state itself. */
const checkForeseen = (
  name: 'stored' | 'refreshed' | 'next',
  foreseen: MakerWorld,
  origin: MakerWorld,
): readonly string[] => {
  const health = assess(origin.market, origin.position, origin.env)
  const there = assess(foreseen.market, foreseen.position, foreseen.env)
  if (health.kind !== 'assessed' || there.kind !== 'assessed' || there.phase === 'no-debt') return []
  const { healthFactor, isLiquidatable } = name === 'stored' ? health : (health[name] ?? {})
  const ours = { healthFactor, isLiquidatable }
  return compareRecorded(
    { healthFactor: there.healthFactor.toString(), isLiquidatable: there.isLiquidatable },
    ours,
  )
}

const checkSituation = (
  recorded: VectorFile,
  name: 'stored' | 'refreshed' | 'next',
  { pool, world, pokeOsmRevert }: { pool: Pool; world: MakerWorld; pokeOsmRevert?: string | undefined },
  origin: MakerWorld,
): readonly string[] => {
  const ours = {
    timestamp: String(world.env.timestamp),
    rate: pool.market.vat.rate,
    spot: pool.spot,
    bark: sceneBark(barkIn(world)),
    ...(pokeOsmRevert === undefined ? {} : { pokeOsmRevert }),
  }
  const isForeseen = pokeOsmRevert === undefined
  return [...compareRecorded(recorded, ours), ...(isForeseen ? checkForeseen(name, world, origin) : [])]
}

/** The state behind drip and poke at `timestamp`; what refuses changes nothing. */
const refreshedIn = (stored: Pool, origin: MakerWorld, timestamp: number) => {
  const refreshed = unlessRefused(() => refresh(stored, timestamp) ?? stored)
  const pool = 'kind' in refreshed ? stored : refreshed
  return { pool, world: { ...origin, market: pool.market, env: envAfter(origin.env, pool, timestamp) } }
}

const nextIn = (stored: Pool, origin: MakerWorld) => {
  const { pip } = stored.market
  const at = nextAt(stored, origin.env.timestamp)
  if (pip.kind !== 'osm' || at === undefined) throw new Error('the source is not delayed')
  const poked = unlessRefused(() => ({ answer: answerAfterPoke(pip, stored.answer, at) }))
  if (!('kind' in poked)) return refreshedIn({ ...stored, ...poked }, origin, at)
  return { ...refreshedIn(stored, origin, at), pokeOsmRevert: poked.revert }
}

const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
  const state = file['states'][scene['state']]
  const origin = worldOf(state, scene, state.timestamp)
  const pool = poolOf(origin.market, origin.position, origin.env)
  const { stored, afterDripPoke, afterOsmPokeDripPoke } = scene['expected']
  const { timestamp } = origin.env
  return [
    ...checkSituation(stored, 'stored', { pool, world: origin }, origin),
    ...checkSituation(afterDripPoke, 'refreshed', refreshedIn(pool, origin, timestamp), origin),
    ...(afterOsmPokeDripPoke
      ? checkSituation(afterOsmPokeDripPoke, 'next', nextIn(pool, origin), origin)
      : []),
  ]
}

const checkAttempt = (attempt: VectorFile): readonly string[] => {
  const world = worldOf(attempt['system'], attempt, attempt['txTimestamp'])
  const outcome = barkIn(world)
  if (outcome.kind === 'blocked')
    return compareRecorded(attempt['expected'], { ok: false, revert: outcome.revert })
  const { id, sale, coin, ink, art, Art, Dirt, dirt } = afterBark(outcome)
  const dart = world.position.art - art
  return compareRecorded(attempt['expected'], {
    ok: true,
    Bark: { ink: outcome.seized[0]?.amount, art: dart, due: outcome.repaid.value, id },
    Kick: { id, top: sale?.top, tab: sale?.tab, lot: sale?.lot, coin },
    after: { ink, art, Art, Dirt, dirt },
  })
}

const SALE = '1'

const recordedSale = (market: MakerMarket): object => {
  const sale = market.isShared ? undefined : market.sales[SALE]
  const { tab, lot, tic, top } = sale ?? { tab: 0n, lot: 0n, tic: 0, top: 0n }
  return { tab, lot, tic: String(tic), top }
}

const checkPrice = (price: VectorFile, auction: VectorFile): readonly string[] => {
  const world = worldOf(auction['system'], auction, price['timestamp'], { [SALE]: saleOf(auction['sale']) })
  const [ours] = auctions.list(world.market, world.env).auctions
  return compareRecorded(price, {
    timestamp: price['timestamp'],
    needsRedo: ours?.status !== 'running',
    price: ours?.price,
    lot: ours?.lot.amount,
    tab: ours?.debt.value,
  })
}

/** A recorded take runs under the limits of its own moment. */
const takeWorld = (record: VectorFile, auction: VectorFile) => {
  const { system, ilk: name } = auction
  const own = system.ilks[name]
  const clip = { ...own.clip, ...record['clip'] }
  const dog = { ...own.dog, dirt: record['dirtBefore'] }
  const moved = {
    ...system,
    dog: { ...system.dog, Dirt: record['DirtBefore'] },
    ilks: { ...system.ilks, [name]: { ...own, clip, dog } },
  }
  return worldOf(moved, auction, record['txTimestamp'], { [SALE]: saleOf(record['sale']) })
}

const checkTake = (record: VectorFile, auction: VectorFile): readonly string[] => {
  const { market, env } = takeWorld(record, auction)
  const bid: Bid = { auction: SALE, amount: BigInt(record['amt']), priceMax: BigInt(record['max']) }
  const [before] = auctions.list(market, env).auctions
  const sold = auctions.buy(market, env, bid)
  if (sold.kind === 'blocked') return compareRecorded(record['expected'], { ok: false, revert: sold.revert })
  const { Dirt, dirt } = dirtIn(sold.after.market, sold.after.markets)
  const { tab, lot } = saleOf(record['sale'])
  const slice = sold.bought.amount
  const owe = sold.paid.value
  return compareRecorded(record['expected'], {
    ok: true,
    Take: { max: bid.priceMax, price: before?.price, owe, tab: tab - owe, lot: lot - slice },
    ...{ slice, returnedToUsr: sold.returned.amount, removed: sold.after.auction === undefined },
    ...{ saleAfter: recordedSale(sold.after.market), DirtAfter: Dirt, dirtAfter: dirt },
  })
}

const checkRedo = (record: VectorFile, auction: VectorFile): readonly string[] => {
  const sales = { [SALE]: saleOf(record['sale']) }
  const { market, env } = worldOf(record['system'], auction, record['txTimestamp'], sales)
  const restarted = auctions.restart(market, env, SALE)
  if (restarted.kind === 'blocked')
    return compareRecorded(record['expected'], { ok: false, revert: restarted.revert })
  const saleAfter = recordedSale(restarted.after.market)
  const coin = restarted.reward[0]?.value ?? 0n
  return compareRecorded(record['expected'], { ok: true, Redo: { ...saleAfter, coin }, saleAfter })
}

const checkDrip = (record: VectorFile): readonly string[] => {
  const { base, duty, rho, rateBefore, timestamp, expected } = record
  const rate = unlessRefused(() => ({
    rate: rateAfterDrip(
      { duty: BigInt(duty), rho: Number(rho) },
      BigInt(base),
      BigInt(rateBefore),
      Number(timestamp),
    ),
  }))
  return compareRecorded(expected, 'kind' in rate ? { revert: rate.revert } : { ...rate, vatRate: rate.rate })
}

const checkPoke = ({ val, par, mat, expected }: VectorFile): readonly string[] => {
  const spot = unlessRefused(() => ({ spot: spotAfterPoke(BigInt(val), BigInt(par), BigInt(mat)) }))
  return compareRecorded(expected, 'kind' in spot ? { revert: spot.revert } : spot)
}

type Check = (record: VectorFile, file: VectorFile) => readonly string[]

const kinds: Readonly<Record<string, Check>> = {
  scenes: checkScene,
  attempts: checkAttempt,
  drips: checkDrip,
  pokes: checkPoke,
}

const auctionKinds: Readonly<Record<string, Check>> = {
  prices: checkPrice,
  takes: checkTake,
  redos: checkRedo,
}

const KNOWN = new Set([...Object.keys(kinds), 'name', 'states', 'auctions'])

function* checksOf(
  records: VectorFile,
  known: Readonly<Record<string, Check>>,
  of: VectorFile,
): Generator<VectorResult> {
  for (const [kind, check] of Object.entries(known))
    for (const [index, record] of (records[kind] ?? []).entries())
      yield checkRecord(kind, `${index} ${record.kind ?? record.urn ?? ''}`, () => check(record, of))
}

/** Runs one recorded file. */
export const checks: VectorChecks = function* (file) {
  const unknown = Object.keys(file).filter((name) => !KNOWN.has(name))
  if (unknown.length > 0) throw new Error(`lists of ${unknown.join(', ')} are not known`)
  yield* checksOf(file, kinds, file)
  for (const auction of file['auctions'] ?? []) yield* checksOf(auction, auctionKinds, auction)
}

/** Every recorded urn, and every one that was to be liquidated. */
export const worlds: Worlds = (file) => [
  ...(file['scenes'] ?? []).map((scene: VectorFile) => {
    const state = file['states'][scene['state']]
    return worldOf(state, scene, state.timestamp)
  }),
  ...(file['attempts'] ?? []).map((attempt: VectorFile) =>
    worldOf(attempt['system'], attempt, attempt['txTimestamp']),
  ),
]
