// Arguments as values, with errors that say what is accepted.
import { type Address, getAddress, isAddress } from 'viem'
import { parsePositionId } from '../model/ids.ts'
import { parseDecimal } from '../units/decimal.ts'
import { parseMoment } from '../units/moment.ts'
import { parseSpan } from '../units/span.ts'
import { UsageError } from './context.ts'
import { DEFAULT_LIMIT, type Options } from './run.ts'

/** Whether a text is a name of ENS rather than an address: these have no dot. */
export const isNameText = (text: string): boolean => text.includes('.')

/** An account; throws `UsageError` also for a wrong checksum. */
export const accountArgument = (text: string): Address => {
  if (isAddress(text)) return getAddress(text)
  const isChecksum = isAddress(text, { strict: false })
  if (isNameText(text))
    throw new UsageError(`"${text}" is a name, and an address is wanted`, {
      remedy: '"plimsoll check NAME" says which address a name stands for.',
    })
  throw new UsageError(`"${text}" is no address${isChecksum ? ': its checksum is wrong' : ''}`, {
    remedy: isChecksum
      ? 'Copy the address again, or write it in lower case to skip the checksum.'
      : 'An address is 0x and 40 hex digits.',
  })
}

export const wholeArgument = (name: string, text: string): number => {
  if (/^\d+$/.test(text)) return Number(text)
  throw new UsageError(`${name} is "${text}"`, { remedy: `Give ${name} a whole number.` })
}

export const limitOption = ({ limit }: Options): number => wholeArgument('--limit', limit ?? DEFAULT_LIMIT)

/** A health factor such as 1.02, as a wad. */
export const wadArgument = (name: string, text: string): bigint => {
  const value = parseDecimal(text, 18)
  if (value !== undefined && value >= 0n) return value
  throw new UsageError(`${name} is "${text}"`, { remedy: `Give ${name} a decimal number such as 1.02.` })
}

/** A span of time such as 30s, 15m, 6h, 7d, in seconds. */
export const durationArgument = (name: string, text: string): number => {
  const seconds = parseSpan(text)
  if (seconds !== undefined) return seconds
  throw new UsageError(`${name} is "${text}"`, { remedy: `Give ${name} a span such as 30s, 15m, 6h or 7d.` })
}

/** A moment, in unix seconds: a span back from now, an ISO date, or unix seconds. */
export const momentArgument = (name: string, text: string, nowSeconds: number): number => {
  const moment = parseMoment(text, nowSeconds)
  if (moment !== undefined) return moment
  throw new UsageError(`${name} is "${text}"`, {
    remedy: `Give ${name} a span back (7d), a date (2026-01-31) or unix seconds.`,
  })
}

/** A position id or an account, in the form in which the store knows it. */
export const subjectArgument = (text: string): string => {
  if (!text.includes(':')) return accountArgument(text)
  parsePositionId(text)
  const checksummed = (part: string): string => (isAddress(part, { strict: false }) ? getAddress(part) : part)
  return text.split(':').map(checksummed).join(':')
}

const MARKET_ID = /^\d+(:[A-Za-z0-9._~-]+){0,3}$/

/** The id of a market, or the beginning of one up to a colon: a chain, a protocol, a deployment. Throws `UsageError`. */
export const marketArgument = (text: string): string => {
  if (MARKET_ID.test(text)) return text
  throw new UsageError(`"${text}" is no id of a market`, {
    remedy: 'Write chainId:protocol:deployment:market or the beginning of it, such as 1:aave-v3:core.',
  })
}
