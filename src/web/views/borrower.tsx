// One account: every loan on every chain, as a card.
import { useRoute } from 'preact-iso'
import type { Account as AccountAnswer, Failure, Position } from '../data/types.ts'
import { useAnswer } from '../data/use-answer.ts'
import { isName } from '../data/use-name.ts'
import { useWatches } from '../data/watched.ts'
import { FLOAT_WORDS, floatOf } from '../format/loans.ts'
import { usdShort } from '../format/numbers.ts'
import { spanText } from '../format/times.ts'
import { Answered } from '../parts/answered.tsx'
import { Copy } from '../parts/copy.tsx'
import { Health } from '../parts/exact.tsx'
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

const healthOf = (loan: Position): bigint => (loan.kind === 'assessed' ? BigInt(loan.healthFactor) : -1n)

const usdOf = (loans: readonly Position[], side: 'debt' | 'collateral'): number =>
  loans.reduce((sum, loan) => sum + (loan.kind === 'assessed' ? Number(loan.usd?.[side] ?? 0) : 0), 0)

/** The whole account in one line of numbers. */
const Summary = ({ loans }: { readonly loans: readonly Position[] }) => {
  const [worst] = loans
  const debt = usdOf(loans, 'debt')
  const collateral = usdOf(loans, 'collateral')
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
          {usdShort(collateral)}
          <small>
            in {loans.length} {loans.length === 1 ? 'loan' : 'loans'}
          </small>
        </dd>
      </div>
      <div class="tile">
        <dt>Debt</dt>
        <dd>
          {usdShort(debt)}
          <small>
            {collateral > 0 ? `${Math.floor((debt / collateral) * 100)} % of the collateral` : ''}
          </small>
        </dd>
      </div>
      <div class="tile">
        <dt>What is left after repaying all</dt>
        <dd>
          {usdShort(collateral - debt)}
          <small>at the oracles’ prices</small>
        </dd>
      </div>
    </dl>
  )
}

const Loans = ({ answer }: { readonly answer: AccountAnswer }) => {
  const loans = answer.chains
    .flatMap(({ positions }) => positions)
    .toSorted((a, b) => (healthOf(a) < healthOf(b) ? -1 : healthOf(a) > healthOf(b) ? 1 : 0))
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
              hasHistory={!live.some(({ block }) => block.chainId === loan.chainId)}
            />
          ))}
        </>
      ) : answer.failures.length === 0 ? (
        <section class="card">
          <Empty title="No loan on any followed chain">
            Neither debt nor collateral was found. Is it the right account? A vault or a proxy may hold the
            loan.
          </Empty>
        </section>
      ) : null}
    </div>
  )
}

type Props = { readonly address: string; readonly name: string | undefined }

/** An account with its loans; `name` is what a link calls it. */
const OneAccount = ({ address, name }: Props) => {
  const answer = useAnswer(['account', address], (client, options) => client.account(address, {}, options))
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
        {(found) => <Loans answer={found} />}
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
