import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import { redact } from '../model/redact.ts'

export type Log = Logger

export type LogOptions = {
  readonly level: string
  readonly secrets: readonly string[]
  /** Lines for people instead of JSON. */
  readonly isPretty: boolean
  write(text: string): void
}

/** The log: one event a line, fields first, bigints as strings, secrets taken out of every line. */
export const createLog = ({ level, secrets, isPretty, write }: LogOptions): Log => {
  const clean = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(redact(chunk.toString(), secrets))
      done()
    },
  })
  const destination = isPretty
    ? pretty({
        destination: clean,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss',
        sync: true,
        colorize: true,
      })
    : clean
  return pino(
    {
      level,
      base: null,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) =>
          Object.fromEntries(
            Object.entries(fields).map(([name, value]) => [
              name,
              typeof value === 'bigint' ? value.toString() : value,
            ]),
          ),
      },
    },
    destination,
  )
}
