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
import type { IlkMarket, MakerMarket, MakerPosition } from './state.ts'

const VIEW_GAS_MAX = 40_000
const BARK_GAS_MAX = 1_500_000
const ACCRUAL_GAS_MAX = 500_000
const SALES_MAX = 2

/** What bark answers where there was no reason to look further. */
const HEALTHY = 'Dog/not-unsafe'

const salesOf = ({ sales, clip, dog }: IlkMarket) =>
  clip && dog && clip.curve.kind !== 'unknown' ? Object.entries(sales).slice(0, SALES_MAX) : []

/** Stored numbers first, then the trial, then what drip and poke leave; auctions stand before what changes anything. */
const callsOf = (market: IlkMarket, { id }: MakerPosition): readonly ContractCall[] => {
  const { ilk, modules, dog } = market
  const { vat, jug, spotter } = modules
  const urn = id.account as Address
  const accrual = [
    callOf(jugAbi, jug, 'drip', [ilk], ACCRUAL_GAS_MAX),
    callOf(spotterAbi, spotter, 'poke', [ilk], ACCRUAL_GAS_MAX),
  ]
  return [
    callOf(vatAbi, vat, 'urns', [ilk, urn], VIEW_GAS_MAX),
    callOf(vatAbi, vat, 'ilks', [ilk], VIEW_GAS_MAX),
    callOf(jugAbi, jug, 'ilks', [ilk], VIEW_GAS_MAX),
    ...salesOf(market).map(([sale]) =>
      callOf(clipAbi, dog?.clip ?? zeroAddress, 'getStatus', [BigInt(sale)], 2 * VIEW_GAS_MAX),
    ),
    callOf(dogAbi, modules.dog, 'bark', [ilk, urn, zeroAddress], BARK_GAS_MAX),
    { ...callOf(vatAbi, vat, 'ilks', [ilk], VIEW_GAS_MAX + 2 * ACCRUAL_GAS_MAX), before: accrual },
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

/** Prices of running auctions, where these have not changed since the audit was planned. */
const compareSales = (
  market: IlkMarket,
  results: readonly CallResult[],
  timestamp: number,
): readonly string[] =>
  salesOf(market).flatMap(([id, sale], index) => {
    const theirs = answerOf(clipAbi, 'getStatus', results[index])
    const { clip } = market
    if (!theirs.ok || !clip) return []
    const [needsRedo, price, lot, tab] = theirs.value
    const ours = unlessRefused(() => statusOf(clip, sale, timestamp))
    if (lot !== sale.lot || tab !== sale.tab || 'kind' in ours) return []
    return [
      ...differ(`price of auction ${id}`, ours.price, price),
      ...differ(`needsRedo of auction ${id}`, ours.needsRedo, needsRedo),
    ]
  })

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
  const isRefreshed = isDripped && !isStored && refreshed !== undefined
  return [
    ...differ('collateral', assessment.collateral[0]?.amount ?? 0n, ink),
    ...(isRefreshed
      ? []
      : [...differ('debt', debtValue, art * rate), ...compareVerdict(verdict, assessment)]),
    ...compareHealth('as stored', isRefreshed ? refreshed : assessment, { ink, art }, rate, spot),
    ...compareSales(market, results.slice(3, -2), block.timestamp),
    ...(accrued.ok && refreshed
      ? compareHealth('after drip and poke', refreshed, { ink, art }, accrued.value[1], accrued.value[2])
      : []),
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
