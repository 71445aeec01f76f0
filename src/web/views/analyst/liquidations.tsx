// The liquidations that were seen, newest first, beside what was said of each before.
import type { Foretold, Liquidation, LiquidationsQuery } from '../../../client/client.ts'
import { useAnswer } from '../../data/use-answer.ts'
import { useFilters } from '../../data/use-filters.ts'
import { usePages } from '../../data/use-pages.ts'
import { useLabels } from '../../data/watched.ts'
import { marketText, shortAddress } from '../../format/loans.ts'
import { countText } from '../../format/numbers.ts'
import { Account } from '../../parts/address.tsx'
import { Answered } from '../../parts/answered.tsx'
import { Copy } from '../../parts/copy.tsx'
import { Amount, Health } from '../../parts/exact.tsx'
import { ExportButtons } from '../../parts/export-buttons.tsx'
import { More } from '../../parts/more.tsx'
import { Empty } from '../../parts/notes.tsx'
import { Moment } from '../../parts/time.tsx'

const PAGE = 25
const NARROWS = ['market', 'owner', 'liquidator', 'fromBlock', 'toBlock'] as const

type Values = Readonly<Record<string, string>>

const queryOf = (values: Values): LiquidationsQuery =>
  Object.fromEntries(NARROWS.filter((name) => values[name]).map((name) => [name, values[name]]))

const FIELDS = [
  { name: 'owner', text: 'Borrower', hint: '0x…' },
  { name: 'liquidator', text: 'Liquidator', hint: '0x…' },
  { name: 'fromBlock', text: 'From block', hint: 'first' },
  { name: 'toBlock', text: 'To block', hint: 'last' },
] as const

const Filters = () => {
  const { values, set } = useFilters()
  const { data } = useAnswer(['markets', 'names'], (client, options) =>
    client.markets({ limit: 500 }, options),
  )
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
      <label>
        Market
        <select
          class="field"
          value={values['market'] ?? ''}
          onChange={({ currentTarget }) => set('market', currentTarget.value)}
        >
          <option value="">all</option>
          {(data?.markets ?? []).map(({ chainId, protocol, deployment, market, label }) => {
            const id = [chainId, protocol, deployment, market].join(':')
            return (
              <option key={id} value={id}>
                {label}
              </option>
            )
          })}
        </select>
      </label>
      {FIELDS.map(({ name, text, hint }) => (
        <label key={name}>
          {text}
          <input
            class="field"
            value={values[name] ?? ''}
            placeholder={hint}
            onChange={({ currentTarget }) => set(name, currentTarget.value.trim())}
          />
        </label>
      ))}
    </form>
  )
}

type Named = Liquidation['debt']

const Of = ({
  amount,
  asset,
  named,
}: {
  readonly amount: string
  readonly asset: string
  readonly named: Named
}) =>
  named ? (
    <Amount amount={amount} decimals={named.decimals} symbol={named.symbol} />
  ) : (
    <span title={asset}>{amount}</span>
  )

const Told = ({ told }: { readonly told: Foretold | null | undefined }) =>
  told?.healthFactor ? (
    <>
      <Health health={told.healthFactor} />
      <span class="soft small block">block {countText(told.block.number)}</span>
    </>
  ) : (
    <span class="soft" title="no block was observed from which that could be said">
      –
    </span>
  )

const Difference = ({ row }: { readonly row: Liquidation }) => {
  const difference = row.foretold?.difference
  if (difference === null || difference === undefined)
    return (
      <span class="soft" title="another amount was repaid than is foretold, or its block was not observed">
        –
      </span>
    )
  if (difference === '0')
    return (
      <span class="pill" data-tone="safe">
        exact
      </span>
    )
  return <Of amount={difference} asset={row.collateralAsset} named={row.collateral} />
}

const [BEFORE, WITHIN, REPAID, SEIZES, SEIZED, DIFFERENCE, WHO] = [
  'Health before',
  'At its block',
  'Repaid',
  'Seizes, foretold',
  'Seized',
  'Difference',
  'Liquidator, transaction',
]

const Row = ({ row, label }: { readonly row: Liquidation; readonly label: string | undefined }) => {
  const { owner, liquidator, position, blockNumber, transactionHash, seenAt, foretold } = row
  const [, protocol = '', deployment = '', market = ''] = position.split(':')
  const within = foretold?.within
  return (
    <tr>
      <td>
        {seenAt === null ? '–' : <Moment at={seenAt} />}
        <span class="soft small block">block {countText(blockNumber)}</span>
      </td>
      <td>
        <Account address={owner} label={label} />
        <a class="small block" href={`/analyst?who=${encodeURIComponent(position)}`}>
          {marketText({ protocol, deployment, market })}
        </a>
      </td>
      <td class="right" data-head={BEFORE}>
        <Told told={foretold?.before} />
      </td>
      <td class="right" data-head={WITHIN}>
        <Told told={within} />
      </td>
      <td class="right" data-head={REPAID}>
        <Of amount={row.repaid} asset={row.debtAsset} named={row.debt} />
      </td>
      <td class="right" data-head={SEIZES}>
        {within?.seized ? (
          <Of amount={within.seized} asset={row.collateralAsset} named={row.collateral} />
        ) : (
          <span class="soft">–</span>
        )}
      </td>
      <td class="right" data-head={SEIZED}>
        <Of amount={row.seized} asset={row.collateralAsset} named={row.collateral} />
      </td>
      <td class="right" data-head={DIFFERENCE}>
        <Difference row={row} />
      </td>
      <td data-head={WHO}>
        <span class="account address" title={liquidator}>
          {shortAddress(liquidator)}
          <Copy text={liquidator} what="the address of the liquidator" />
        </span>
        <span class="account address small block" title={transactionHash}>
          {shortAddress(transactionHash)}
          <Copy text={transactionHash} what="the hash of the transaction" />
        </span>
      </td>
    </tr>
  )
}

/** How well they were foretold, as far as they are shown. */
const Sums = ({ rows }: { readonly rows: readonly Liquidation[] }) => {
  const compared = rows.filter(({ foretold }) => foretold?.difference != null)
  const exact = compared.filter(({ foretold }) => foretold?.difference === '0')
  const within = rows.filter(({ foretold }) => foretold?.within)
  const foreseen = within.filter(({ foretold }) => foretold?.within?.isLiquidatable)
  const of = (part: number, whole: number, what: string): string =>
    `${part === whole ? 'all' : countText(part)} ${what}`
  return (
    <p class="small">
      {countText(rows.length)} shown.{' '}
      {within.length === 0
        ? 'None happened in a block that was observed, so that nothing was foretold of it.'
        : `${countText(within.length)} happened in a block that was observed: ${of(foreseen.length, within.length, 'could be liquidated by our numbers')}.`}
      {compared.length > 0
        ? ` ${countText(compared.length)} repaid as much as is foretold: ${of(exact.length, compared.length, 'seized exactly what is foretold')}.`
        : ''}
    </p>
  )
}

const HEADS = [
  ['Seen', ''],
  ['Borrower', ''],
  [BEFORE, 'At the last observed block before'],
  [WITHIN, 'The same state at the prices and the time of its own block'],
  [REPAID, ''],
  [SEIZES, 'By the state before, at the prices of its own block'],
  [SEIZED, ''],
  [DIFFERENCE, 'Seized less what is foretold, where as much was repaid'],
  [WHO, ''],
] as const

const RIGHT_FROM = 2
const RIGHT_TO = 7

const Table = ({ rows }: { readonly rows: readonly Liquidation[] }) => {
  const labels = useLabels()
  return (
    <div class="scroll-x">
      <table class="plain-table folds">
        <thead>
          <tr>
            {HEADS.map(([text, title], at) => (
              <th key={text} class={at >= RIGHT_FROM && at <= RIGHT_TO ? 'right' : ''} title={title}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={`${row.transactionHash}${row.logIndex}`} row={row} label={labels.get(row.owner)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** All that fit the filters of the address, page by page. */
export const LiquidationsPart = () => {
  const { values } = useFilters()
  const query = queryOf(values)
  const answer = usePages(['liquidations', query], (client, cursor, options) =>
    client.liquidations({ ...query, include: 'foretold', limit: PAGE, ...cursor }, options),
  )
  const isNarrower = Boolean(query.liquidator ?? query.fromBlock ?? query.toBlock)
  return (
    <section class="card">
      <header>
        <h2>Liquidations, foretold and done</h2>
        <span class="soft small">of followed markets, since they are followed</span>
      </header>
      <Filters />
      <Answered answer={answer} height={200}>
        {(pages) => {
          const rows = pages.flatMap(({ liquidations }) => liquidations)
          return rows.length === 0 ? (
            <Empty title={Object.keys(query).length > 0 ? 'None fits' : 'None seen yet'}>
              {Object.keys(query).length > 0 ? 'Take a filter away.' : 'They are listed as they happen.'}
            </Empty>
          ) : (
            <div class="stack" data-old={answer.isOld ? true : undefined}>
              <Sums rows={rows} />
              <Table rows={rows} />
            </div>
          )
        }}
      </Answered>
      <More pages={answer} />
      <ExportButtons
        table="liquidations"
        what={
          isNarrower ? 'all of the borrower and the market, of every liquidator and block' : 'all that fit'
        }
        query={{ account: query.owner, market: query.market }}
      />
    </section>
  )
}
