// Surveys of all books, one at a time, each for all who ask meanwhile.
import type { ChainSurvey } from '../app/survey.ts'

/** After a survey there is none for so many times as long as it took: surveys take a tenth of a processor at most. */
const RESTS = 9

type Survey = readonly ChainSurvey[]

export type Surveys = {
  /** Every chain as it is stored now, or by a commit since. */
  now(): Promise<Survey>
  /** The last one while there is a rest after it, else one of now. */
  recent(): Promise<Survey>
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
        const endedMs = nowMs()
        started.restsUntilMs = endedMs + RESTS * (endedMs - startedMs)
      },
      () => {
        if (last === started) last = undefined
      },
    )
    return started.found
  }
  const now = (): Promise<Survey> => {
    if (last?.version === version()) return last.found
    // Whoever asks before the next one begins gets that one.
    next ??= (last?.found ?? Promise.resolve()).then(start, start)
    return next
  }
  return {
    now,
    recent: () => (last?.restsUntilMs !== undefined && nowMs() < last.restsUntilMs ? last.found : now()),
  }
}
