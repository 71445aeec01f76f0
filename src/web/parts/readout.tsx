// What was so at a moment, exactly, of every loan of a plot: its legend as well.
import { exactOf, type Measure, pointAt, type Range, stepOf } from '../data/explore.ts'
import type { Line } from '../data/use-lines.ts'
import { countText, exactDecimal } from '../format/numbers.ts'
import { momentText } from '../format/times.ts'
import { Health, Value } from './exact.tsx'
import { Moment } from './time.tsx'

type RowProps = {
  readonly line: Line
  readonly index: number
  readonly measure: Measure
  readonly at: number
  onRemove(): void
}

const CAUSES: Readonly<Record<string, string>> = {
  opened: 'the loan was opened',
  activity: 'its owner did something',
  moved: 'it moved',
  crossed: 'it crossed a band',
  checkpoint: 'a checkpoint',
  closed: 'the loan was closed',
  backfilled: 'a sample of the past',
  recomputed: 'recomputed there',
}

const Row = ({ line, index, measure, at, onRemove }: RowProps) => {
  const { name, account, quote, points, id } = line
  const point = pointAt(points, at)
  const exact = point ? exactOf(point, measure) : undefined
  const decimals = measure === 'health' ? 18 : (quote?.decimals ?? 0)
  return (
    <tr>
      <th scope="row">
        <i class="swatch" data-curve={index + 1} aria-hidden="true" />
        {/^0x[0-9a-fA-F]{40}$/.test(account) ? (
          <a href={`/accounts/${account}`} title={id}>
            {name}
          </a>
        ) : (
          <span title={id}>{name}</span>
        )}
      </th>
      <td class="right">
        {exact === undefined ? (
          <span class="soft">{points.length === 0 ? 'nothing is kept' : 'not known yet'}</span>
        ) : exact === null ? (
          <span title={point?.reason ?? ''}>not known</span>
        ) : measure === 'health' ? (
          <Health health={exact} />
        ) : quote ? (
          <Value value={exact} quote={quote} />
        ) : (
          exact
        )}
      </td>
      <td class="readout-exact wide">
        {exact ? (
          <code>{exact.length > 70 ? 'no debt' : exactDecimal(exact, decimals)}</code>
        ) : (
          (point?.reason ?? '')
        )}
      </td>
      <td class="soft small wide">
        {point ? (
          <>
            block {countText(point.block.number)}, {CAUSES[point.cause] ?? point.cause}
          </>
        ) : null}
      </td>
      <td class="right">
        <button class="icon-button" type="button" aria-label={`Remove ${name}`} onClick={onRemove}>
          ×
        </button>
      </td>
    </tr>
  )
}

type Props = {
  readonly lines: readonly Line[]
  readonly measure: Measure
  readonly range: Range
  readonly at: number
  onAt(seconds: number): void
  onRemove(id: string): void
}

/** Every line at the moment, which the slider moves too. */
export const Readout = ({ lines, measure, range, at, onAt, onRemove }: Props) => (
  <div class="readout">
    <label class="slider">
      <span>
        At <Moment at={at} />
      </span>
      <input
        type="range"
        min={range.since}
        max={range.until}
        step={Math.max(1, Math.floor(stepOf(range) / 2))}
        value={at}
        aria-label="Moment"
        aria-valuetext={momentText(at)}
        onInput={({ currentTarget }) => onAt(Number(currentTarget.value))}
      />
    </label>
    <div class="scroll-x">
      <table class="plain-table folds">
        <thead>
          <tr>
            <th>Loan</th>
            <th class="right">
              {measure === 'health' ? 'Health' : measure === 'debt' ? 'Debt' : 'Collateral'}
            </th>
            <th>Exactly</th>
            <th>Known from</th>
            <th>
              <span class="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <Row key={line.id} {...{ line, index, measure, at }} onRemove={() => onRemove(line.id)} />
          ))}
        </tbody>
      </table>
    </div>
  </div>
)
