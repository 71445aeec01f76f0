import type { AlertChange } from '../../src/alerts/engine.ts'
import { type Episodes, episodeKey } from '../../src/alerts/episodes.ts'
import { type PipelineOutput, stepPipeline } from '../../src/alerts/pipeline.ts'
import type { NotifySettings } from '../../src/alerts/settings.ts'
import type { Alert, AlertNotification, AlertStatus, Severity } from '../../src/model/alert.ts'
import type { Acknowledgement, Silence } from '../../src/model/notice.ts'

/** What becomes of one alert: `name` is its rule, on a loan of that account unless it is the watcher's own. */
export type Told = {
  readonly name: string
  readonly status: AlertStatus
  readonly severity?: Severity
  readonly account?: string
  readonly receivers?: readonly string[]
  /** Seconds; which episode of the alert. */
  readonly activeAt?: number
}

/** The watcher's own alert has no account. */
const WATCHER = 'watcher'

const labelsOf = (name: string, severity: Severity, account: string) => ({
  ...{ alertname: name, severity, chainId: '1' },
  ...(account === WATCHER ? {} : { account }),
})

/** A change as the engine would tell it. */
export const changeOf = ({
  name,
  status,
  severity = 'critical',
  account = 'me',
  receivers = ['phone'],
  activeAt = 0,
}: Told): AlertChange => {
  const alert: Alert = {
    ...{ fingerprint: `${name} of ${account}`, rule: name, subject: `1:${account}`, severity, activeAt },
    ...{ state: status, startsAt: activeAt, annotations: {} },
    ...(status === 'firing' ? {} : { endsAt: activeAt + 1 }),
    labels: labelsOf(name, severity, account),
    block: { chainId: 1, number: 1n, hash: '0x', timestamp: activeAt },
  }
  return { alert, status, receivers, assessment: undefined, risk: undefined, sendResolved: true }
}

/** The pipeline over time, as a desk has it: state, silences and acknowledgements are kept between steps. */
export const createPipeline = (settings: NotifySettings) => {
  let episodes: Episodes = new Map()
  const silences: Silence[] = []
  const acknowledgements = new Map<string, Acknowledgement>()
  let last: PipelineOutput | undefined
  return {
    silences,
    acknowledge: (name: string, activeAt = 0, account = 'me') => {
      const fingerprint = `${name} of ${account}`
      const one = { fingerprint, activeAt, atMs: 0, by: 'ann', comment: '' }
      acknowledgements.set(episodeKey(one), one)
    },
    /** Steps at a time in seconds; answers `receiver reason rule` of all that was sent, and with a minus of what was not. */
    at: (seconds: number, ...told: readonly Told[]): readonly string[] => {
      last = stepPipeline({
        ...{ episodes, silences, acknowledgements, settings },
        changes: told.map(changeOf),
        nowMs: seconds * 1_000,
        contentOf: () => ({ assessment: undefined, risk: undefined }),
      })
      episodes = last.episodes
      return last.decisions.map(
        ({ receiver, isSent, reason, fingerprint }) =>
          `${isSent ? '' : '-'}${receiver} ${reason} ${fingerprint.split(' ')[0]}`,
      )
    },
    last: (): PipelineOutput => {
      if (!last) throw new Error('no step was made')
      return last
    },
    sent: (): readonly AlertNotification[] =>
      (last?.notifications ?? []).flatMap((one) =>
        one.kind === 'group' ? one.alerts : one.kind === 'alert' ? [one] : [],
      ),
    episodes: (): Episodes => episodes,
    dueSeconds: (): number | undefined =>
      last?.nextDueAtMs === undefined ? undefined : last.nextDueAtMs / 1_000,
  }
}
