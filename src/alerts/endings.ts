// Alerts whose loan, watch or rule is not there any more: whatever fired is over some day.
import type { Alert } from '../model/alert.ts'
import { isOrphaned, REORGED } from './cases.ts'
import type { EngineInput } from './engine.ts'
import { retract } from './machine.ts'
import type { CompiledRule } from './rules.ts'
import type { Watched } from './watches.ts'

/** An alert as it is from now on; one that never fired is only dropped. */
export type Ending = { readonly alert: Alert; readonly isPending: boolean }

/** Resolved at a block, or retracted where what it rested on is no block of the chain any more; says why. */
const ended = (alert: Alert, reason: string, { block, news }: EngineInput): Alert => {
  const annotations = { ...alert.annotations, reason }
  if (!isOrphaned(alert, news?.keptUntil))
    return { ...alert, state: 'resolved', endsAt: block.timestamp, annotations, block }
  const { episode } = retract(alert, block.timestamp)
  return { ...alert, ...episode, annotations: { ...annotations, reason: REORGED }, block }
}

type Known = { readonly byName: ReadonlyMap<string, CompiledRule>; readonly watched: Watched }

/** Why an alert of a loan that was not stepped is not going to be any more; undefined where it may be. */
const whyAbandoned = (
  { rule, labels: { account } }: Alert,
  { byName, watched }: Known,
  isAssessed: () => boolean,
): string | undefined => {
  if (account === undefined) return undefined
  const compiled = byName.get(rule)
  if (!compiled) return 'its rule is gone'
  if (compiled.rule.scope === 'watched' && !watched.has(account)) return 'nobody watches it any more'
  return isAssessed() ? 'its rule, its owner or the label of its watch is another now' : undefined
}

/** The ends of open alerts that a cycle did not step and none will. */
export const endingsOf = (
  open: ReadonlyMap<string, Alert>,
  input: EngineInput,
  stepped: ReadonlySet<string>,
  known: Known,
): readonly Ending[] => {
  const closed = new Set(input.closed)
  let assessed: ReadonlySet<string> | undefined
  return [...open.values()].flatMap((alert) => {
    const isPending = alert.state === 'pending'
    if ((!isPending && alert.state !== 'firing') || stepped.has(alert.fingerprint)) return []
    const isAssessed = (): boolean => {
      assessed ??= new Set(input.assessments.map(({ id }) => id))
      return assessed.has(alert.subject)
    }
    const isGone = closed.has(alert.subject)
    const reason = whyAbandoned(alert, known, isAssessed) ?? (isGone ? 'the loan is gone' : undefined)
    return reason === undefined ? [] : [{ alert: ended(alert, reason, input), isPending }]
  })
}
