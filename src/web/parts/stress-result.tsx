// What a scenario does to all loans, step by step.
import type { Stress, StressStep } from '../../client/client.ts'
import { useLabels } from '../data/watched.ts'
import { countText, usdShort } from '../format/numbers.ts'
import { Account } from './address.tsx'
import { Usd } from './exact.tsx'
import { Empty } from './notes.tsx'

const Sums = ({ step }: { readonly step: StressStep }) => {
  const { all, before, newly, after } = step
  return (
    <dl class="tiles">
      <div class="tile">
        <dt>Liquidatable before</dt>
        <dd>
          {countText(before.count)}
          <small>
            {usdShort(Number(before.debtUsd))} of {usdShort(Number(all.debtUsd))} owed
          </small>
        </dd>
      </div>
      <div class="tile">
        <dt>Newly</dt>
        <dd>
          {countText(newly.count)}
          <small>{usdShort(Number(newly.debtUsd))} owed</small>
        </dd>
      </div>
      <div class="tile">
        <dt>Liquidatable after</dt>
        <dd>
          {countText(after.count)}
          <small>{usdShort(Number(after.debtUsd))} owed</small>
        </dd>
      </div>
      <div class="tile">
        <dt>Bad debt</dt>
        <dd>
          {usdShort(Number(after.badDebtUsd))}
          <small>not covered by collateral</small>
        </dd>
      </div>
    </dl>
  )
}

const ByMarket = ({ step }: { readonly step: StressStep }) => {
  const markets = step.markets.filter(({ after }) => after.count > 0)
  if (markets.length === 0) return null
  return (
    <section class="card half">
      <header>
        <h2>By market</h2>
      </header>
      <div class="scroll-x">
        <table class="plain-table">
          <thead>
            <tr>
              <th>Market</th>
              <th class="right">Newly</th>
              <th class="right">After</th>
              <th class="right">Debt</th>
              <th class="right">Bad debt</th>
            </tr>
          </thead>
          <tbody>
            {markets.map(({ label, chainId, newly, after }) => (
              <tr key={`${chainId}${label}`}>
                <td>{label}</td>
                <td class="right">{countText(newly.count)}</td>
                <td class="right">{countText(after.count)}</td>
                <td class="right">
                  <Usd usd={after.debtUsd} />
                </td>
                <td class="right">
                  <Usd usd={after.badDebtUsd} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

const ROWS_MAX = 30

const Newly = ({ step }: { readonly step: StressStep }) => {
  const labels = useLabels()
  const { newlyLiquidatable: ids } = step
  return (
    <section class="card half">
      <header>
        <h2>Newly liquidatable</h2>
        {ids.length > ROWS_MAX ? (
          <span class="soft small">
            the first {ROWS_MAX} of {countText(ids.length)}
          </span>
        ) : null}
      </header>
      {ids.length === 0 ? (
        <Empty title="None">Every loan that floats now still does.</Empty>
      ) : (
        <ul class="names">
          {ids.slice(0, ROWS_MAX).map((id) => {
            const account = id.split(':').at(-1) ?? ''
            return (
              <li key={id}>
                {/^0x[0-9a-fA-F]{40}$/.test(account) ? (
                  <Account address={account} label={labels.get(account)} />
                ) : (
                  <code class="cut">{id}</code>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

/** Every step of a scenario. */
export const StressResult = ({ stress }: { readonly stress: Stress }) => (
  <>
    {stress.steps.map((step) => (
      <section key={step.name} class="stack" aria-label={step.name}>
        {stress.steps.length > 1 ? (
          <h2>
            {step.name === 'low'
              ? 'At the low of the day'
              : step.name === 'close'
                ? 'At its close'
                : step.name}
          </h2>
        ) : null}
        <Sums step={step} />
        <div class="grid">
          <ByMarket step={step} />
          <Newly step={step} />
        </div>
      </section>
    ))}
  </>
)
