// Alerts that are not told because a worse one of the same is.
import type { Alert } from '../model/alert.ts'
import { type Episode, type Episodes, rankOf } from './episodes.ts'
import { labelOf, matchesLabels } from './labels.ts'
import type { Inhibition, NotifySettings } from './settings.ts'

/** Whether an alert tells of a loan, and not of what watches it. */
const isOfLoan = ({ labels }: Alert): boolean => labels['account'] !== undefined

/**
 * Whether one alert may stand for another: only one as bad or worse, and of the same kind. What says that something is not
 * known stands for nothing, and nothing for it; nor does the news of an event.
 */
const mayStandFor = (source: Alert, target: Alert, { unknownRules, eventRules }: NotifySettings): boolean =>
  source.fingerprint !== target.fingerprint &&
  rankOf(source.severity) >= rankOf(target.severity) &&
  isOfLoan(source) === isOfLoan(target) &&
  [source, target].every(({ rule }) => !unknownRules.has(rule) && !eventRules.has(rule))

/** Of two that stand for each other, the elder does. */
const isElder = (one: Alert, other: Alert): boolean =>
  one.activeAt === other.activeAt ? one.fingerprint < other.fingerprint : one.activeAt < other.activeAt

const equalKey = (alert: Alert, { equal }: Inhibition): string =>
  JSON.stringify(equal.map((name) => labelOf(alert, name)))

/** Answers the alerts that fire and could stand for a given one. */
export const createSources = (
  episodes: Episodes,
  settings: NotifySettings,
): ((target: Alert) => readonly Episode[]) => {
  const indexes = settings.inhibit.map((inhibition) => {
    const byKey = new Map<string, Episode[]>()
    for (const episode of episodes.values()) {
      if (episode.alert.state !== 'firing' || !matchesLabels(inhibition.source, episode.alert)) continue
      const key = equalKey(episode.alert, inhibition)
      const known = byKey.get(key)
      if (known) known.push(episode)
      else byKey.set(key, [episode])
    }
    return { inhibition, byKey }
  })
  const fitting = (target: Alert): readonly Episode[] =>
    indexes.flatMap(({ inhibition, byKey }) =>
      matchesLabels(inhibition.target, target)
        ? (byKey.get(equalKey(target, inhibition)) ?? []).filter(({ alert }) =>
            mayStandFor(alert, target, settings),
          )
        : [],
    )
  return (target) =>
    fitting(target).filter(
      ({ alert }) => isElder(alert, target) || !fitting(alert).some((one) => one.alert === target),
    )
}
