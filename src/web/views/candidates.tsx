// Loans that can be liquidated or are about to be, what each way earns, and the call that does it.
import { useState } from 'preact/hooks'
import type { CandidatesQuery } from '../../client/client.ts'
import { status } from '../data/live.ts'
import type { Candidates as Answer, Candidate } from '../data/types.ts'
import { useFilters } from '../data/use-filters.ts'
import { usePages } from '../data/use-pages.ts'
import { useLabels } from '../data/watched.ts'
import { marketText } from '../format/loans.ts'
import { countText, freeboardPpm, roomText } from '../format/numbers.ts'
import { Account } from '../parts/address.tsx'
import { Answered } from '../parts/answered.tsx'
import { Amount, Health, Usd } from '../parts/exact.tsx'
import { ArrowIcon } from '../parts/icons.tsx'
import { More } from '../parts/more.tsx'
import { Empty, Note } from '../parts/notes.tsx'
import { Options } from '../parts/options.tsx'
import { FloatPill } from '../parts/pill.tsx'
import { TriggerLadder } from '../parts/trigger-ladder.tsx'
import { VirtualRows } from '../parts/virtual-rows.tsx'

const ROW_HEIGHT = 60
const HEALTHS = ['1', '1.02', '1.05', '1.1'] as const

const NARROWS = [
  'maxHealth',
  'asset',
  'minIncentiveUsd',
  'executable',
  'chain',
  'protocol',
  'market',
] as const

/** What of the address narrows the list; the API says what is wrong with it. */
const queryOf = (values: Readonly<Record<string, string>>): CandidatesQuery => ({
  limit: 200,
  ...(Object.fromEntries(
    NARROWS.filter((name) => values[name]).map((name) => [name, values[name]]),
  ) as CandidatesQuery),
})

const Filters = () => {
  const { values, set } = useFilters()
  const chains = status.value?.chains ?? []
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
      <label>
        Health up to
        <select
          class="field"
          value={values['maxHealth'] ?? '1'}
          onChange={({ currentTarget }) =>
            set('maxHealth', currentTarget.value === '1' ? '' : currentTarget.value)
          }
        >
          {HEALTHS.map((one) => (
            <option key={one} value={one}>
              {one === '1' ? '1: liquidatable now' : one}
            </option>
          ))}
        </select>
      </label>
      <label>
        Asset
        <input
          class="field"
          value={values['asset'] ?? ''}
          placeholder="WETH or 0x…"
          onChange={({ currentTarget }) => set('asset', currentTarget.value.trim())}
        />
      </label>
      <label>
        Earns at least, $
        <input
          class="field"
          inputMode="decimal"
          value={values['minIncentiveUsd'] ?? ''}
          placeholder="0"
          onChange={({ currentTarget }) => set('minIncentiveUsd', currentTarget.value.trim())}
        />
      </label>
      {chains.length > 1 ? (
        <label>
          Chain
          <select
            class="field"
            value={values['chain'] ?? ''}
            onChange={({ currentTarget }) => set('chain', currentTarget.value)}
          >
            <option value="">all</option>
            {chains.map(({ chainId, label }) => (
              <option key={chainId} value={String(chainId)}>
                {label}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <label class="check">
        <input
          type="checkbox"
          checked={values['executable'] === 'true'}
          onChange={({ currentTarget }) => set('executable', currentTarget.checked ? 'true' : '')}
        />
        Executable only
      </label>
    </form>
  )
}

type RowProps = {
  readonly candidate: Candidate
  readonly label: string | undefined
  readonly isOpen: boolean
  toggle(): void
}

const Row = ({ candidate, label, isOpen, toggle }: RowProps) => {
  const { position, options, incentiveUsd, netUsd, basis } = candidate
  const [best] = options
  const [seized] = best?.seized ?? []
  return (
    <div class="candidate">
      <div class="candidate-line">
        <div class="candidate-who">
          <Account address={position.owner} label={label} />
          <span class="soft small cut">{marketText(position)}</span>
        </div>
        <div class="right">
          <Health health={position.healthFactor} />
          {basis === 'now' ? null : <span class="soft small"> {basis}</span>}
        </div>
        <div class="right candidate-debt">
          <Usd usd={position.usd?.debt} />
        </div>
        <div class="candidate-way small">
          {best ? (
            <>
              <Amount
                amount={best.repaid.amount}
                decimals={best.repaid.decimals}
                symbol={best.repaid.symbol}
              />{' '}
              <ArrowIcon />{' '}
              {seized ? (
                <Amount amount={seized.amount} decimals={seized.decimals} symbol={seized.symbol} />
              ) : (
                'a reward'
              )}
            </>
          ) : (
            <span class="soft">
              {position.blockedBy.length > 0
                ? `blocked: ${position.blockedBy.join(', ')}`
                : position.isLiquidatable
                  ? 'no way is worth anything'
                  : `not yet: ${roomText(freeboardPpm(position.healthFactor))} away`}
            </span>
          )}
        </div>
        <div class="right">
          <strong>
            <Usd usd={incentiveUsd} />
          </strong>
          {netUsd !== null && netUsd !== incentiveUsd ? (
            <span class="soft small">
              {' '}
              <Usd usd={netUsd} /> after gas
            </span>
          ) : null}
        </div>
        <div class="right candidate-more">
          <FloatPill loan={position} />
          {options.length === 0 ? null : (
            <button class="button" type="button" aria-expanded={isOpen} onClick={toggle}>
              {isOpen ? 'Close' : `${options.length} ${options.length === 1 ? 'way' : 'ways'}`}
            </button>
          )}
        </div>
      </div>
      {isOpen ? <Options candidate={candidate} /> : null}
    </div>
  )
}

const List = ({ pages }: { readonly pages: readonly Answer[] }) => {
  const labels = useLabels()
  const [open, setOpen] = useState<string>()
  const rows = pages.flatMap(({ candidates }) => candidates)
  const [first] = pages
  if (rows.length === 0)
    return (
      <Empty title="No candidate">
        {first && first.unassessableCount > 0
          ? `${countText(first.unassessableCount)} loans could not be assessed: any of them may be one.`
          : 'No loan fits these filters now. The list follows every block by itself.'}
      </Empty>
    )
  return (
    <div>
      <div class="candidate-line candidate-head" aria-hidden="true">
        <span>Borrower</span>
        <span class="right">Health</span>
        <span class="right candidate-debt">Debt</span>
        <span class="candidate-way">Best way</span>
        <span class="right">Earns</span>
        <span class="candidate-more" />
      </div>
      <VirtualRows
        label="Candidates, most rewarding first"
        rows={rows}
        rowHeight={ROW_HEIGHT}
        keyOf={({ position }) => position.id}
      >
        {(candidate) => (
          <Row
            candidate={candidate}
            label={labels.get(candidate.position.owner)}
            isOpen={open === candidate.position.id}
            toggle={() =>
              setOpen((known) => (known === candidate.position.id ? undefined : candidate.position.id))
            }
          />
        )}
      </VirtualRows>
    </div>
  )
}

/** `/candidates`. */
export const Candidates = () => {
  const { values } = useFilters()
  const query = queryOf(values)
  const answer = usePages(['candidates', query], (client, cursor, options) =>
    client.candidates({ ...query, ...cursor }, options),
  )
  const [first] = answer.data ?? []
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1>Candidates</h1>
          <p>Most rewarding first; the list follows every block.</p>
        </div>
        <Filters />
      </div>
      {first && first.unassessableCount > 0 ? (
        <Note tone="warn">
          {countText(first.unassessableCount)} loans could not be assessed; any of them may be a candidate.
        </Note>
      ) : null}
      {first && first.leftOutCount > 0 ? (
        <Note tone="warn">
          {countText(first.leftOutCount)} loans that owe least were not looked at: too many come into
          question. Narrow the list.
        </Note>
      ) : null}
      <section class="card" data-old={answer.isOld ? true : undefined}>
        <Answered answer={answer} height={480}>
          {(pages) => <List pages={pages} />}
        </Answered>
        <More pages={answer} />
      </section>
      <TriggerLadder />
    </div>
  )
}
