// One account: every loan on every chain, as a card.
import { useState } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import type { Account as AccountAnswer, Failure, Position } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { isName } from '../data/use-name.ts'
import { useWatches } from '../data/watched.ts'
import { FLOAT_WORDS, floatOf } from '../format/loans.ts'
import { countText, ppmText } from '../format/numbers.ts'
import { spanText } from '../format/times.ts'
import { Answered } from '../parts/answered.tsx'
import { Copy } from '../parts/copy.tsx'
import { Health, UsdSum } from '../parts/exact.tsx'
import { LoanCard } from '../parts/loan-card.tsx'
import { NameOf, NameSearch, OtherName } from '../parts/name.tsx'
import { Empty, Note } from '../parts/notes.tsx'
import { WatchButton } from '../parts/watch-button.tsx'
import { Search } from './accounts.tsx'

const Failures = ({ failures }: { readonly failures: readonly Failure[] }) => (
  <>
    {failures.map(({ chainId, market, reason, detail }) => (
      <Note tone="warn" key={`${chainId}${market}${detail}`}>
        <strong>
          Chain {chainId}
          {market ? `, ${market}` : ''} could not be read ({reason}).
        </strong>{' '}
        {detail} Loans there are not shown, which does not mean that there are none.
      </Note>
    ))}
  </>
)

/** Not known, then what can be liquidated, then by health. */
const rankOf = (loan: Position): readonly [number, bigint] =>
  loan.kind === 'assessed' ? [loan.isLiquidatable ? 1 : 2, BigInt(loan.healthFactor)] : [0, 0n]

const nearestFirst = (a: Position, b: Position): number => {
  const [[rankA, healthA], [rankB, healthB]] = [rankOf(a), rankOf(b)]
  return rankA - rankB || (healthA < healthB ? -1 : healthA > healthB ? 1 : 0)
}

const usdOf = (loans: readonly Position[], side: 'debt' | 'collateral'): number =>
  loans.reduce((sum, loan) => sum + (loan.kind === 'assessed' ? Number(loan.usd?.[side] ?? 0) : 0), 0)

/** Loans that sums leave out. */
const unvalued = (loans: readonly Position[]): number =>
  loans.filter((loan) => loan.kind !== 'assessed' || loan.usd === null).length

/** The whole account in one line of numbers. */
const Summary = ({ loans }: { readonly loans: readonly Position[] }) => {
  const [worst] = loans
  const debt = usdOf(loans, 'debt')
  const collateral = usdOf(loans, 'collateral')
  const without = unvalued(loans)
  return (
    <dl class="tiles">
      <div class="tile">
        <dt>Nearest to its line</dt>
        <dd>
          {worst?.kind === 'assessed' ? <Health health={worst.healthFactor} /> : '?'}
          <small>{worst ? FLOAT_WORDS[floatOf(worst)] : ''}</small>
        </dd>
      </div>
      <div class="tile">
        <dt>Collateral</dt>
        <dd>
          <UsdSum usd={collateral} />
          <small>
            in {countText(loans.length)} {loans.length === 1 ? 'loan' : 'loans'}
            {without > 0 ? `, ${countText(without)} without a known value` : ''}
          </small>
        </dd>
      </div>
      <div class="tile">
        <dt>Debt</dt>
        <dd>
          <UsdSum usd={debt} />
          <small>
            {collateral > 0
              ? `${ppmText(String(Math.floor((debt / collateral) * 1e6)))} of the collateral`
              : ''}
          </small>
        </dd>
      </div>
      <div class="tile">
        <dt>What is left after repaying all</dt>
        <dd>
          <UsdSum usd={collateral - debt} />
          <small>{without > 0 ? 'of what has a known value' : 'at the oracles’ prices'}</small>
        </dd>
      </div>
    </dl>
  )
}

/** A book has only who owes something: what an account holds besides, only the chain itself tells. */
const NoLoan = ({ isRead, read }: { readonly isRead: boolean; read(): void }) =>
  isRead ? (
    <Empty title="No loan on any followed chain">
      Neither debt nor collateral was found. Is it the right account? A vault or a proxy may hold the loan.
    </Empty>
  ) : (
    <Empty title="It owes nothing on any followed chain">
      Who owes nothing is not in the book, whatever it holds.{' '}
      <button class="button" type="button" onClick={read}>
        Read the chain itself
      </button>
    </Empty>
  )

type LoansProps = { readonly answer: AccountAnswer; read(): void }

const Loans = ({ answer, read }: LoansProps) => {
  const loans = answer.chains.flatMap(({ positions }) => positions).toSorted(nearestFirst)
  const live = answer.chains.filter(({ source }) => source === 'live')
  return (
    <div class="stack">
      <Failures failures={answer.failures} />
      {live.length > 0 ? (
        <p class="soft small">
          Read from {live.length === 1 ? `chain ${live[0]?.block.chainId}` : `${live.length} chains`} for you
          just now ({spanText(live[0]?.ageSeconds ?? 0)} old). Watch it to be told, and to have its history.
        </p>
      ) : null}
      {loans.length > 0 ? (
        <>
          <Summary loans={loans} />
          {loans.map((loan) => (
            <LoanCard
              key={loan.id}
              loan={loan}
              isFollowed={!live.some(({ block }) => block.chainId === loan.chainId)}
            />
          ))}
        </>
      ) : answer.failures.length === 0 ? (
        <section class="card">
          <NoLoan isRead={live.length === answer.chains.length} read={read} />
        </section>
      ) : null}
    </div>
  )
}

type Props = { readonly address: string; readonly name: string | undefined }

/** An account with its loans; `name` is what a link calls it. */
const OneAccount = ({ address, name }: Props) => {
  /** The account that is read from the chain in any case. */
  const [live, setLive] = useState('')
  const isLive = live === address
  const answer = useAnswer(['account', address, isLive], (client, options) =>
    client.account(address, isLive ? { live: true } : {}, options),
  )
  const known = answer.isOld ? undefined : answer.data
  const account = known?.account ?? address
  const watches = useWatches()
  const watch = watches.data?.watches.find((one) => one.account === account)
  return (
    <div class="stack">
      <div class="head">
        <div class="grow">
          <h1 class="cut">{watch?.label ?? 'Borrower'}</h1>
          {name ? <NameOf name={name} account={account} /> : null}
          <p class="account">
            <span class="address cut">{account}</span>
            <Copy text={account} what="the address" />
          </p>
        </div>
        {known ? <WatchButton account={account} watch={watch} onChange={watches.again} /> : null}
      </div>
      {name ? <OtherName name={name} account={account} /> : null}
      <Answered answer={answer.isOld ? { ...answer, data: undefined } : answer} height={420}>
        {(found) => <Loans answer={found} read={() => setLive(address)} />}
      </Answered>
    </div>
  )
}

/** `/accounts/:address`, and `/accounts/:name`, which leads there. */
export const Borrower = () => {
  const { params, query } = useRoute()
  const text = params['address'] ?? ''
  return (
    <div class="stack">
      {isName(text) ? (
        <NameSearch key={text} name={text} />
      ) : (
        <OneAccount address={text} name={query['name']} />
      )}
      <Search />
    </div>
  )
}
