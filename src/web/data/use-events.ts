// What happened to loans: alerts that began, parameters of their markets that changed, liquidations.
import { useMemo } from 'preact/hooks'
import type { CallOptions, Client, Liquidations, ParameterChange, Text } from '../../client/client.ts'
import { nameText, placeText, settingText } from '../format/settings.ts'
import type { Alert } from './types.ts'
import { useAnswer } from './use-answer.ts'
import { marketOf, partsOf } from './use-lines.ts'

export type LoanEvent = {
  readonly key: string
  readonly kind: 'alert' | 'parameter' | 'liquidation'
  /** Unix seconds. */
  readonly at: number
  /** Texts of configuration and chains among it. */
  readonly text: string
  /** The loan, or the market, that it happened to. */
  readonly subject: string
}

/** Of each kind and loan, so many at most. */
const EVENTS_MAX = 100

type Span = { readonly since?: Text | undefined; readonly until?: Text | undefined }

const alertEvent = ({ fingerprint, activeAt, startsAt, subject, rule, severity, annotations }: Alert) => ({
  ...{ key: `${fingerprint}${activeAt}`, kind: 'alert' as const, at: startsAt ?? activeAt, subject },
  text: `${severity}: ${annotations['summary'] ?? rule}`,
})

/** `Liquidation threshold of WETH: 83% → 80%`. */
const changeText = (change: ParameterChange): string => {
  const { parameter, before, after } = change
  const place = placeText(change)
  const name = `${nameText(parameter)}${place === '' ? '' : ` of ${place}`}`
  return `${name}: ${settingText(before, change)} → ${settingText(after, change)}`
}

const changeEvent = (change: ParameterChange): LoanEvent => {
  const { block, market, parameter, asset } = change
  return {
    ...{ key: `${market}${parameter}${asset}${block.number}`, kind: 'parameter', at: block.timestamp },
    ...{ text: changeText(change), subject: market },
  }
}

const liquidationEvents = ({ liquidations }: Liquidations, id: string): readonly LoanEvent[] =>
  liquidations.flatMap(({ position, seenAt, blockNumber, transactionHash, logIndex }) =>
    position !== id || seenAt === null
      ? []
      : [
          {
            ...{ key: `${transactionHash}${logIndex}`, kind: 'liquidation', at: seenAt, subject: id },
            text: `liquidated in block ${blockNumber}`,
          },
        ],
  )

const ofLoan = async (client: Client, id: string, options: CallOptions): Promise<readonly LoanEvent[]> => {
  const { account } = partsOf(id)
  const whose = /^0x[0-9a-fA-F]{40}$/.test(account) ? { owner: account } : {}
  const [{ alerts }, liquidations] = await Promise.all([
    client.alerts({ subject: id, limit: EVENTS_MAX }, options),
    client.liquidations({ market: marketOf(id), limit: EVENTS_MAX, ...whose }, options),
  ])
  return [...alerts.map(alertEvent), ...liquidationEvents(liquidations, id)]
}

/** What is told of them, oldest first; parameters in a span. */
export const useEvents = (ids: readonly string[], span: Span): readonly LoanEvent[] => {
  const { data } = useAnswer(
    ['alerts', 'events', ids, span],
    async (client, options) => {
      const markets = [...new Set(ids.map(marketOf))]
      const found = await Promise.all([
        ...ids.map((id) => ofLoan(client, id, options)),
        ...markets.map(async (market) =>
          (await client.parameterChanges({ market, limit: EVENTS_MAX, ...span }, options)).changes.map(
            changeEvent,
          ),
        ),
      ])
      return found.flat()
    },
    { everyMs: 60_000 },
  )
  return useMemo(() => (data ?? []).toSorted((a, b) => a.at - b.at), [data])
}
