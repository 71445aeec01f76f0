// Every way to liquidate a loan, with the call that does it.
import type { Candidate, LiquidationOption } from '../data/types.ts'
import { countText } from '../format/numbers.ts'
import { Copy } from './copy.tsx'
import { Amount, Usd, Value } from './exact.tsx'

/** What it takes, gives and earns. */
const Terms = ({ option }: { readonly option: LiquidationOption }) => {
  const { repaid, seized, reward, incentive, incentiveUsd, netUsd, gas, quote, badDebt } = option
  return (
    <dl class="facts">
      <div>
        <dt>Pay</dt>
        <dd>
          <Amount amount={repaid.amount} decimals={repaid.decimals} symbol={repaid.symbol} />
          <small>
            <Value value={repaid.value} quote={quote} />
          </small>
        </dd>
      </div>
      <div>
        <dt>Take</dt>
        {[...seized, ...reward].map((one) => (
          <dd key={one.asset}>
            <Amount amount={one.amount} decimals={one.decimals} symbol={one.symbol} />
            <small>
              <Value value={one.value} quote={quote} />
            </small>
          </dd>
        ))}
      </div>
      <div>
        <dt>Earns</dt>
        <dd>
          {incentiveUsd === null ? <Value value={incentive} quote={quote} /> : <Usd usd={incentiveUsd} />}
          {netUsd === null ? null : (
            <small>
              <Usd usd={netUsd} /> after gas
            </small>
          )}
        </dd>
      </div>
      <div>
        <dt>Gas</dt>
        <dd>{gas === null ? '–' : countText(gas)}</dd>
      </div>
      {badDebt === '0' ? null : (
        <div>
          <dt>Bad debt left</dt>
          <dd>
            <Amount amount={badDebt} decimals={repaid.decimals} symbol={repaid.symbol} />
          </dd>
        </div>
      )}
    </dl>
  )
}

const Way = ({ option, index }: { readonly option: LiquidationOption; readonly index: number }) => {
  const { method, call } = option
  return (
    <li class="way">
      <div class="way-head">
        <strong>{method}</strong>
        {index === 0 ? (
          <span class="pill" data-tone="safe">
            earns most
          </span>
        ) : null}
        <span class="grow" />
        <Copy text={call.data} what="the calldata" label="Copy calldata" />
      </div>
      <Terms option={option} />
      <p class="call">
        <span class="soft small">to</span> <code>{call.to}</code>
        {call.value ? (
          <>
            {' '}
            <span class="soft small">value</span> <code>{call.value}</code>
          </>
        ) : null}
      </p>
      <details>
        <summary class="soft small">calldata, {countText((call.data.length - 2) / 2)} bytes</summary>
        <code class="calldata">{call.data}</code>
      </details>
    </li>
  )
}

/** The ways of one candidate, best first. */
export const Options = ({ candidate }: { readonly candidate: Candidate }) => {
  const { options, twoStep } = candidate
  return (
    <div class="ways">
      {twoStep ? (
        <p>
          Two liquidations one after the other earn <Usd usd={twoStep.gainUsd} /> more than the best single
          one:{' '}
          <Amount
            amount={twoStep.first.repaid.amount}
            decimals={twoStep.first.repaid.decimals}
            symbol={twoStep.first.repaid.symbol}
          />
          , then{' '}
          <Amount
            amount={twoStep.second.repaid.amount}
            decimals={twoStep.second.repaid.decimals}
            symbol={twoStep.second.repaid.symbol}
          />
          .
        </p>
      ) : null}
      <ol>
        {options.map((option, index) => (
          <Way key={option.call.data} option={option} index={index} />
        ))}
      </ol>
      <p class="soft small">
        Plimsoll sends nothing: sign and send the call yourself, with the debt asset approved to the contract
        where it asks for that.
      </p>
    </div>
  )
}
