// Where all that is shown comes from: each chain, how far it is read, and through which endpoints.
import type { Markets } from '../../client/client.ts'
import { elapsedSeconds, link, status } from '../data/live.ts'
import type { Status } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { compactText, countText, ppmText } from '../format/numbers.ts'
import { millisecondsText, spanText } from '../format/times.ts'
import { Waiting } from './notes.tsx'

/** How complete books are changes slowly, and is added up over all markets: of more than these it is not told. */
const COVERAGE_MS = 600_000
const MARKETS_MAX = 500
/** What cannot be assessed is counted over all loans. */
const UNKNOWN_MS = 60_000
/** So many chains are shown in full, and every one that is not well. */
const SHOWN_MAX = 3

type ChainStatus = Status['chains'][number]

/** Blocks that some endpoint has and this one does not, as far as is known. */
const behindOf = (head: string | undefined, read: string | undefined): bigint | undefined => {
  if (head === undefined || read === undefined) return undefined
  return BigInt(head) > BigInt(read) ? BigInt(head) - BigInt(read) : 0n
}

const headOf = ({ endpoints }: ChainStatus): string | undefined =>
  endpoints
    .flatMap(({ head }) => head ?? [])
    .reduce<string | undefined>(
      (most, one) => (most === undefined || BigInt(one) > BigInt(most) ? one : most),
      undefined,
    )

/** The least that a market's known loans are of its own debt, parts per million; undefined where that is not known. */
const leastCoverage = ({ markets, next }: Markets): number | undefined => {
  const shares = markets
    .flatMap(({ coverage }) => (coverage ?? []).filter(({ totalDebt }) => totalDebt !== '0'))
    .map(({ ppm }) => ppm)
  return shares.length === 0 || next !== null ? undefined : Math.min(...shares)
}

const bookText = ({ follow, isDiscovering, pendingCount }: ChainStatus): string => {
  if (isDiscovering) return 'still searching'
  if (pendingCount > 0) return `${countText(pendingCount)} to read`
  return follow === 'book' ? 'complete' : 'watched only'
}

const bookNote = ({ follow }: ChainStatus, covered: number | undefined): string => {
  if (follow !== 'book') return 'others are read on demand'
  return covered === undefined ? 'every borrower' : `${ppmText(String(covered))} of its markets’ debt`
}

type Props = { readonly chain: ChainStatus }

const Facts = ({ chain }: Props) => {
  const { chainId, positionCount } = chain
  const unknown = useAnswer(
    ['distribution', chainId],
    (client, options) => client.distribution({ chain: chainId }, options),
    { everyMs: UNKNOWN_MS },
  )
  const coverage = useAnswer(
    ['coverage', chainId],
    (client, options) => client.markets({ chain: chainId, include: 'coverage', limit: MARKETS_MAX }, options),
    { everyMs: COVERAGE_MS },
  )
  const covered = coverage.data ? leastCoverage(coverage.data) : undefined
  const unknownCount = unknown.data?.block ? unknown.data.unassessableCount : undefined
  const block = status.value?.blocks.find((one) => one.chainId === chainId)
  const behind = behindOf(headOf(chain), block?.number)
  const well = chain.endpoints.filter(({ state }) => state === 'healthy').length
  return (
    <dl class="facts">
      <div>
        <dt>Block</dt>
        <dd class={block?.stale ? 'bad' : ''} title={block?.hash}>
          {block ? countText(block.number) : 'none yet'}
          {block ? <small>{spanText(block.ageSeconds + elapsedSeconds.value)} old</small> : null}
        </dd>
      </div>
      <div>
        <dt>Behind the head</dt>
        <dd>
          {behind === undefined ? '–' : behind === 0n ? 'nothing' : `${countText(behind)} blocks`}
          <small>
            {chain.lastCycleMs === null ? 'no cycle yet' : `read in ${millisecondsText(chain.lastCycleMs)}`}
          </small>
        </dd>
      </div>
      <div>
        <dt>Endpoints well</dt>
        <dd class={well === 0 ? 'bad' : ''}>
          {countText(well)} of {countText(chain.endpoints.length)}
          <small>
            {compactText(chain.endpoints.reduce((sum, { requestCount }) => sum + requestCount, 0))} requests
          </small>
        </dd>
      </div>
      <div>
        <dt>Book</dt>
        <dd>
          {bookText(chain)}
          <small>{bookNote(chain, covered)}</small>
        </dd>
      </div>
      <div>
        <dt>Not known</dt>
        <dd class={unknownCount === 0 ? '' : 'bad'}>
          {unknownCount === undefined ? '–' : countText(unknownCount)}
          <small>of {countText(positionCount)} loans</small>
        </dd>
      </div>
    </dl>
  )
}

const Source = ({ chain }: Props) => {
  const { label, status: how, reason, failure, endpoints } = chain
  const isLost = link.value === 'unreachable'
  const failing = endpoints.filter(({ state }) => state === 'failing')
  return (
    <li class="source">
      <p class="source-head">
        <strong class="grow cut">{label}</strong>
        <span class="pill" data-tone={isLost || how === 'red' ? 'under' : 'safe'}>
          {isLost ? 'no answer' : how === 'red' ? 'out of date' : 'up to date'}
        </span>
      </p>
      <Facts chain={chain} />
      {(reason ?? failure) ? <p class="bad small">{reason ?? failure?.error}</p> : null}
      {failing.map(({ name, lastError }) => (
        <p key={name} class="soft small clamped" title={lastError}>
          {name} fails: {lastError ?? 'no reason is known'}
        </p>
      ))}
    </li>
  )
}

const isUnwell = ({ status: how, failure, endpoints }: ChainStatus): boolean =>
  how === 'red' || failure !== null || endpoints.some(({ state }) => state === 'failing')

/** Every chain, those that are not well first. */
export const Sources = () => {
  const known = status.value
  if (!known) return <Waiting height={160} />
  const chains = known.chains.toSorted((a, b) => Number(isUnwell(b)) - Number(isUnwell(a)))
  const shown = chains.filter((one, at) => at < SHOWN_MAX || isUnwell(one))
  const row = (chain: ChainStatus) => <Source key={chain.chainId} chain={chain} />
  return (
    <>
      <ul class="rows">{shown.map(row)}</ul>
      {shown.length < chains.length ? (
        <details class="more-fields">
          <summary>
            {countText(chains.length - shown.length)} more{' '}
            {chains.length - shown.length === 1 ? 'chain' : 'chains'}, up to date
          </summary>
          <ul class="rows">{chains.slice(shown.length).map(row)}</ul>
        </details>
      ) : null}
      <p class="soft small source-foot">
        Plimsoll {known.version} · {countText(known.watchedCount)}{' '}
        {known.watchedCount === 1 ? 'account' : 'accounts'} watched · {countText(known.historyDays)} days of
        history are kept
      </p>
    </>
  )
}
