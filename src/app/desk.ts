// Who of a chain is told what: the pipeline of alerts over what the database holds of it.
import type { AlertChange } from '../alerts/engine.ts'
import { type Episode, type Episodes, episodeKey } from '../alerts/episodes.ts'
import { type PipelineInput, type PipelineOutput, stepPipeline } from '../alerts/pipeline.ts'
import type { NotifySettings } from '../alerts/settings.ts'
import type { Assessment } from '../model/assessment.ts'
import type { Notice } from '../model/notice.ts'
import type { Risk } from '../risk/risk.ts'
import { listAcknowledgements } from '../store/acknowledgements.ts'
import { commitAlerts } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import { noticesOf, untoldAlerts } from '../store/notices.ts'
import { silencesAt } from '../store/silences.ts'

/** What is due is left to a cycle for so long after the last one. */
const CYCLE_MS_MAX = 15_000

/** What a cycle knows of a loan; `risk` is worked out when it is asked for. */
type Content = { readonly assessment: Assessment; risk(): Risk | undefined }

/** What is to be written; it holds from `accept` on, after the commit. */
export type Told = Pick<PipelineOutput, 'notifications' | 'notices' | 'decisions'> & { accept(): void }

export type Desk = {
  readonly chainId: number
  /** What changes bring about, and whatever else is due. Loans of which something is known are remembered for later messages. */
  tell(changes: readonly AlertChange[], contents: ReadonlyMap<string, Content>): Told
  /**
   * Tells, and writes down, what is due though nothing changes, where no cycle has come by that would have told it with what
   * it knows of the loans; answers how many messages that made. Throws `DatabaseFullError`.
   */
  tellDue(): number
  /** When `tellDue` may have something to tell, unix milliseconds. */
  nextDueAtMs(): number | undefined
  /** Silences or acknowledgements have changed. */
  lookAgain(): void
}

const loadEpisodes = (database: Database, chainId: number): Episodes => {
  const alerts = untoldAlerts(database, chainId)
  const notices = new Map<string, Map<string, Notice>>()
  for (const notice of noticesOf(database, alerts)) {
    const key = episodeKey(notice)
    notices.set(key, (notices.get(key) ?? new Map()).set(notice.receiver, notice))
  }
  return new Map(
    alerts.map((alert): [string, Episode] => {
      const key = episodeKey(alert)
      return [key, { alert, notices: notices.get(key) ?? new Map() }]
    }),
  )
}

export type DeskOptions = {
  readonly database: Database
  readonly chainId: number
  readonly settings: NotifySettings
  nowMs(): number
  /** What was told holds now: something else may be due next. */
  onAccepted(): void
}

/** The desk of one chain, as the database has it. */
export const createDesk = ({ database, chainId, settings, nowMs, onAccepted }: DeskOptions): Desk => {
  let episodes = loadEpisodes(database, chainId)
  let dueAtMs: number | undefined = 0
  let cycleAtMs = Number.NEGATIVE_INFINITY
  /** The newest assessments of loans with alerts. */
  const known = new Map<string, Assessment>()

  const step = (changes: readonly AlertChange[], contentOf: PipelineInput['contentOf']): PipelineOutput => {
    const now = nowMs()
    return stepPipeline({
      ...{ episodes, changes, settings, contentOf, nowMs: now },
      silences: silencesAt(database, Math.floor(now / 1_000)),
      acknowledgements: new Map(listAcknowledgements(database).map((one) => [episodeKey(one), one])),
    })
  }
  const remember = (contents: ReadonlyMap<string, Content>): void => {
    const subjects = new Set([...episodes.values()].map(({ alert }) => alert.subject))
    for (const subject of known.keys()) if (!subjects.has(subject)) known.delete(subject)
    for (const subject of subjects) {
      const content = contents.get(subject)
      if (content) known.set(subject, content.assessment)
    }
  }
  const accept = (output: PipelineOutput): void => {
    episodes = output.episodes
    dueAtMs = output.nextDueAtMs
  }
  const dueBesidesAtMs = (): number | undefined =>
    dueAtMs === undefined ? undefined : Math.max(dueAtMs, cycleAtMs + CYCLE_MS_MAX)

  return {
    chainId,
    tell: (changes, contents) => {
      if (episodes.size > 0) remember(contents)
      cycleAtMs = nowMs()
      if (changes.length === 0 && (dueAtMs === undefined || dueAtMs > cycleAtMs))
        return { notifications: [], notices: [], decisions: [], accept: () => remember(contents) }
      const output = step(changes, ({ subject }) => {
        const content = contents.get(subject)
        return content
          ? { assessment: content.assessment, risk: content.risk() }
          : { assessment: known.get(subject), risk: undefined }
      })
      return {
        ...output,
        accept: () => {
          accept(output)
          remember(contents)
          onAccepted()
        },
      }
    },
    tellDue: () => {
      const dueMs = dueBesidesAtMs()
      if (dueMs === undefined || dueMs > nowMs()) return 0
      const output = step([], ({ subject }) => ({ assessment: known.get(subject), risk: undefined }))
      const { notifications, notices, decisions } = output
      if (notices.length > 0)
        commitAlerts(database, chainId, {
          ...{ alerts: [], cancelledAlerts: [], notifications, notices, decisions },
        })
      accept(output)
      return notifications.length
    },
    nextDueAtMs: dueBesidesAtMs,
    lookAgain: () => {
      dueAtMs = 0
    },
  }
}
