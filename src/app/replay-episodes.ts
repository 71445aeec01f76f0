// Alerts that fire over a stretch of the past, stepped by the daemon's own engine.
import type { Engine } from '../alerts/engine.ts'
import type { Alert, Severity } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { CycleNews } from '../monitor/judge.ts'

/**
 * An alert that fired, from one replayed block to another; `end` is undefined where it still fires at the last. `isFromStart`: at
 * the first block at which the loan was looked at, so that it may have begun earlier. `lowestHealth` is a wad, of the time while it fired.
 */
export type Episode = {
  readonly rule: string
  readonly severity: Severity
  readonly subject: string
  readonly start: BlockRef
  readonly end: BlockRef | undefined
  readonly isFromStart: boolean
  readonly lowestHealth: bigint | undefined
}

type Open = { -readonly [K in keyof Episode]: Episode[K] }

const lower = (known: bigint | undefined, assessment: Assessment): bigint | undefined => {
  if (assessment.kind === 'unassessable') return known
  const { healthFactor } = assessment
  return known === undefined || healthFactor < known ? healthFactor : known
}

/** Steps an engine over blocks in ascending order, and keeps what fires. */
export const createEpisodes = (engine: Engine) => {
  const open = new Map<string, Alert>()
  const firing = new Map<string, Open>()
  const episodes: Open[] = []
  const met = new Set<string>()
  let present: ReadonlySet<string> = new Set()

  const note = (alert: Alert, block: BlockRef): void => {
    const { fingerprint, rule, severity, subject, state } = alert
    const known = firing.get(fingerprint)
    if (state === 'firing' && !known) {
      const episode: Open = {
        ...{ rule, severity, subject, start: block, end: undefined, lowestHealth: undefined },
        isFromStart: !met.has(subject),
      }
      firing.set(fingerprint, episode)
      episodes.push(episode)
    }
    if (known && (state === 'resolved' || state === 'retracted')) {
      known.end = block
      firing.delete(fingerprint)
    }
  }

  return {
    episodes: episodes as readonly Episode[],
    step: (block: BlockRef, assessments: readonly Assessment[], news: CycleNews): void => {
      const bySubject = new Map(assessments.map((one) => [one.id, one]))
      const closed = [...present].filter((id) => !bySubject.has(id))
      const { alerts, cancelled } = engine.step(open, { block, assessments, closed, signals: [], news })
      for (const fingerprint of cancelled) open.delete(fingerprint)
      for (const alert of alerts) {
        open.set(alert.fingerprint, alert)
        note(alert, block)
      }
      for (const episode of firing.values()) {
        const assessment = bySubject.get(episode.subject)
        if (assessment) episode.lowestHealth = lower(episode.lowestHealth, assessment)
      }
      present = new Set(bySubject.keys())
      for (const id of present) met.add(id)
    },
  }
}
