// Surveys of all books, one at a time, each for all who ask meanwhile.
import type { ChainSurvey } from '../../app/survey.ts'

/** After a long survey, of so many milliseconds, there is none for so many times as long: surveys of large books take a tenth of a processor at most. */
const LONG_MS = 1_000
const RESTS = 9

type Survey = readonly ChainSurvey[]

export type Surveys = {
  /** Every chain as it is stored now, or by a commit since; while there is a rest after a long survey, that one. */
  latest(): Promise<Survey>
}

export type SurveysOptions = {
  /** Looks at every loan. */
  survey(): Promise<Survey>
  /** Names what the books are now. */
  version(): string
  nowMs(): number
}

type Started = {
  readonly version: string
  readonly found: Promise<Survey>
  /** Undefined while it is under way. */
  restsUntilMs: number | undefined
}

export const createSurveys = ({ survey, version, nowMs }: SurveysOptions): Surveys => {
  let last: Started | undefined
  let next: Promise<Survey> | undefined
  const start = (): Promise<Survey> => {
    next = undefined
    const startedMs = nowMs()
    const started: Started = { version: version(), found: survey(), restsUntilMs: undefined }
    last = started
    started.found.then(
      () => {
        const [endedMs, tookMs] = [nowMs(), nowMs() - startedMs]
        started.restsUntilMs = endedMs + (tookMs < LONG_MS ? 0 : RESTS * tookMs)
      },
      () => {
        if (last === started) last = undefined
      },
    )
    return started.found
  }
  return {
    latest: () => {
      const isResting = last?.restsUntilMs !== undefined && nowMs() < last.restsUntilMs
      if (last && (isResting || last.version === version())) return last.found
      // Whoever asks before the next one begins gets that one.
      next ??= (last?.found ?? Promise.resolve()).then(start, start)
      return next
    },
  }
}
