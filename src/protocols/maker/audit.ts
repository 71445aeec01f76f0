// The proof: the Vat's own numbers, the Dog's verdict, what drip and poke really leave, and the clip's prices, at the same block.
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import { clipAbi, dogAbi, jugAbi, spotterAbi, vatAbi } from '../../../abis/maker.ts'
import type { Assessment, Foreseen, Health } from '../../model/assessment.ts'
import type { CallResult, ContractCall } from '../../model/evm.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { statusOf } from './clipper.ts'
import { healthFactorDown } from './math.ts'
import { callOf } from './reads/calls.ts'
import { clipCalls, clipIn, saleCall, saleIn } from './reads/clip.ts'
import type { Clip, IlkMarket, MakerMarket, MakerPosition } from './state.ts'

const VIEW_GAS_MAX = 40_000
const BARK_GAS_MAX = 1_500_000
const ACCRUAL_GAS_MAX = 500_000

/** What bark answers where there was no reason to look further. */
const HEALTHY = 'Dog/not-unsafe'

type Auctioned = { readonly to: Address; readonly clip: Clip; readonly id: string }

/** One running auction, to hold the clip's price against ours. */
const auctionedIn = ({ sales, clip, dog }: IlkMarket): Auctioned | undefined => {
  const [id] = Object.keys(sales)
  return id && clip && dog && clip.curve.kind !== 'unknown' ? { to: dog.clip, clip, id } : undefined
}

/** The clip and the sale as they are, and what the clip says of the sale. */
const auctionCalls = ({ to, clip, id }: Auctioned): readonly ContractCall[] => [
  saleCall(to, clip.kind, id),
  callOf(to, clipAbi, 'getStatus', [BigInt(id)], 2 * VIEW_GAS_MAX),
  ...clipCalls(to, clip),
]

/** Stored numbers first, and an auction; then the trial, which may start another; last what drip and poke leave. */
const callsOf = (market: IlkMarket, { id }: MakerPosition): readonly ContractCall[] => {
  const { ilk, modules } = market
  const { vat, jug, spotter } = modules
  const urn = id.account as Address
  const auctioned = auctionedIn(market)
  const accrual = [
    callOf(jug, jugAbi, 'drip', [ilk], ACCRUAL_GAS_MAX),
    callOf(spotter, spotterAbi, 'poke', [ilk], ACCRUAL_GAS_MAX),
  ]
  return [
    callOf(vat, vatAbi, 'urns', [ilk, urn], VIEW_GAS_MAX),
    callOf(vat, vatAbi, 'ilks', [ilk], VIEW_GAS_MAX),
    callOf(jug, jugAbi, 'ilks', [ilk], VIEW_GAS_MAX),
    ...(auctioned ? auctionCalls(auctioned) : []),
    callOf(modules.dog, dogAbi, 'bark', [ilk, urn, zeroAddress], BARK_GAS_MAX),
    { ...callOf(vat, vatAbi, 'ilks', [ilk], VIEW_GAS_MAX + 2 * ACCRUAL_GAS_MAX), before: accrual },
  ]
}

const differ = (name: string, ours: unknown, theirs: unknown): readonly string[] =>
  ours === theirs ? [] : [`${name}: ours ${ours}, by the contracts ${theirs}`]

type Urn = { readonly ink: bigint; readonly art: bigint }

const compareHealth = (name: string, ours: Foreseen | undefined, urn: Urn, rate: bigint, spot: bigint) => {
  if (!ours) return spot === 0n || urn.art === 0n ? [] : [`${name}: ours none, by the contracts there is one`]
  const [value, debt] = [urn.ink * spot, urn.art * rate]
  return [
    ...differ(`healthFactor ${name}`, ours.healthFactor, healthFactorDown(value, debt)),
    ...differ(`isLiquidatable ${name}`, ours.isLiquidatable, spot > 0n && value < debt),
  ]
}

/** A bark that goes through has to be executable; one that is refused says whether for health or for something else. */
const compareVerdict = (result: CallResult | undefined, health: Health): readonly string[] => {
  if (!result || (!result.ok && result.data === '0x' && health.isExecutable)) return []
  if (result.ok) return differ('isExecutable', health.isExecutable, true)
  const isHealthy = result.error.endsWith(HEALTHY)
  return isHealthy ? differ('isLiquidatable', health.isLiquidatable, false) : []
}

/** The clip's price of a sale against ours, of the clip and the sale as they are. */
const compareAuction = (
  auctioned: Auctioned | undefined,
  [saleResult, status, ...rest]: readonly CallResult[],
  timestamp: number,
): readonly string[] => {
  if (!auctioned) return []
  const sale = saleIn(auctioned.clip.kind, saleResult)
  const theirs = answerOf(clipAbi, 'getStatus', status)
  const reading = clipIn(auctioned.clip, rest)
  if ('reason' in sale || 'reason' in reading || !theirs.ok || sale.usr === zeroAddress) return []
  const ours = unlessRefused(() => statusOf(reading.clip, sale, timestamp))
  if ('kind' in ours) return []
  const [needsRedo, price] = theirs.value
  return [
    ...differ(`price of auction ${auctioned.id}`, ours.price, price),
    ...differ(`needsRedo of auction ${auctioned.id}`, ours.needsRedo, needsRedo),
  ]
}

const compare = (
  market: IlkMarket,
  results: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  const urn = answerOf(vatAbi, 'urns', results[0])
  const stored = answerOf(vatAbi, 'ilks', results[1])
  const jug = answerOf(jugAbi, 'ilks', results[2])
  const accrued = answerOf(vatAbi, 'ilks', results.at(-1))
  if (!urn.ok || !stored.ok || !jug.ok) return undefined
  const [verdict] = results.slice(-2)
  if (assessment.kind === 'unassessable')
    return verdict?.ok ? [`the Dog barks, but we say ${assessment.reason}: ${assessment.detail}`] : []
  const [ink, art] = urn.value
  const [, rate, spot] = stored.value
  const { refreshed, block, debtValue, liquidationValue } = assessment
  // An audit before this one in the same call may have dripped and poked: then nothing stored is left to show.
  const isDripped = Number(jug.value[1]) === block.timestamp
  const isStored = art * rate === debtValue && ink * spot === liquidationValue
  const held = differ('collateral', assessment.collateral[0]?.amount ?? 0n, ink)
  const auction = compareAuction(auctionedIn(market), results.slice(3, -2), block.timestamp)
  const after =
    accrued.ok && refreshed
      ? compareHealth('after drip and poke', refreshed, { ink, art }, accrued.value[1], accrued.value[2])
      : []
  if (isDripped && !isStored) return [...held, ...auction, ...after]
  return [
    ...held,
    ...differ('debt', debtValue, art * rate),
    ...compareVerdict(verdict, assessment),
    ...compareHealth('as stored', assessment, { ink, art }, rate, spot),
    ...auction,
    ...after,
  ]
}

/** Vat.urns and Vat.ilks, a trial bark, the same ilk after drip and poke, and running auctions. */
export const audit = (market: MakerMarket, position: MakerPosition): AuditRead => {
  if (market.isShared) return { calls: [], compare: () => undefined }
  return {
    calls: callsOf(market, position),
    compare: (results, assessment) => compare(market, results, assessment),
  }
}
