// A sign of life for somebody else's clock: sent only while all is well, so that its absence says something.
import { messageOf } from '../model/errors.ts'
import type { SelfCheck } from '../monitor/judge.ts'
import type { Config } from './config/config.ts'
import type { Log } from './log.ts'

const TIMEOUT_MS = 10_000
const FAILURES_TOLD = 3

export type DeadMansSwitchOptions = {
  readonly to: NonNullable<Config['deadMansSwitch']>
  readonly log: Log
  /** What is not well, each in words; asking is a proof that the database takes writes. */
  illness(): readonly string[]
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export type DeadMansSwitch = {
  /** Pings until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  checks(): readonly SelfCheck[]
}

/** Why a ping failed, without its address; undefined where it arrived. */
const ping = async (
  { url, method }: DeadMansSwitchOptions['to'],
  signal: AbortSignal,
): Promise<string | undefined> => {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      headers: { 'user-agent': 'plimsoll' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    await response.body?.cancel()
    return response.ok ? undefined : `it answered ${response.status}`
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } }
    if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS} ms`
    return cause?.code ? `no connection (${cause.code})` : 'no connection'
  }
}

/** The switch of a configuration. Failures are logged, and told as an alert from the third in a row on. */
export const createDeadMansSwitch = ({ to, log, illness, sleep }: DeadMansSwitchOptions): DeadMansSwitch => {
  let [failures, lastError] = [0, '']
  const unwell = (): readonly string[] => {
    try {
      return illness()
    } catch (error) {
      return [messageOf(error)]
    }
  }
  const once = async (signal: AbortSignal): Promise<void> => {
    const why = unwell()
    if (why.length > 0) {
      log.warn({ event: 'ping-withheld', why: why.join('; ') }, 'not well: no sign of life is sent')
      return
    }
    const error = await ping(to, signal)
    if (signal.aborted) return
    failures = error === undefined ? 0 : failures + 1
    lastError = error ?? ''
    if (error === undefined) log.debug({ event: 'ping' }, 'sign of life sent')
    else log.warn({ event: 'ping-failed', error, failures }, 'the sign of life did not arrive')
  }
  return {
    run: async (signal) => {
      while (!signal.aborted) {
        await once(signal)
        await sleep(to.everySeconds * 1_000, signal)
      }
    },
    checks: () => {
      const isMet = failures >= FAILURES_TOLD
      const detail = isMet
        ? `the dead man's switch was not reached ${failures} times in a row: ${lastError}`
        : "the dead man's switch is reached"
      return [{ name: 'DeadMansSwitchFailing', isMet, detail }]
    },
  }
}
