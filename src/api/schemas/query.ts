// What queries and paths may say: texts, parsed with faults in a user's words.
import { type Address, getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { normalizedName } from '../../chain/name-text.ts'
import { messageOf } from '../../model/errors.ts'
import { parseDecimal } from '../../units/decimal.ts'
import { parseMoment } from '../../units/moment.ts'
import { parseSpan } from '../../units/span.ts'

const TEXT_LENGTH_MAX = 200
const USD_PLACES = 2
const WAD_PLACES = 18

const text = z.string().min(1).max(TEXT_LENGTH_MAX)

/** A text that is parsed, or is not what it should be. */
const parsed = <T>(schema: z.ZodString, fault: string, parse: (value: string) => T | undefined) =>
  schema.transform((value, context): T => {
    const result = parse(value)
    if (result !== undefined) return result
    context.addIssue({ code: 'custom', message: fault })
    return z.NEVER
  })

const addressOf = (value: string): Address | undefined => (isAddress(value) ? getAddress(value) : undefined)

export const addressText = parsed(
  text,
  'is no address, or its checksum is wrong: write 0x and 40 hex digits',
  addressOf,
).describe('An address: 0x and 40 hex digits')

const ADDRESSES_MAX = 20

export const addressList = parsed(
  z.string().max(ADDRESSES_MAX * 43),
  `is no list of up to ${ADDRESSES_MAX} addresses, parted by commas`,
  (value) => {
    const found = value.split(',').map(addressOf)
    const addresses = found.flatMap((one) => one ?? [])
    return addresses.length === found.length && found.length <= ADDRESSES_MAX ? addresses : undefined
  },
)

const checksummed = (id: string): string =>
  id
    .split(':')
    .map((part) => (isAddress(part, { strict: false }) ? getAddress(part) : part))
    .join(':')

const POSITION_ID = /^\d{1,10}(:[A-Za-z0-9._~-]+){4}$/
const MARKET_ID = /^\d{1,10}(:[A-Za-z0-9._~-]+){0,3}$/

export const positionId = parsed(
  text,
  'is no position id: write chainId:protocol:deployment:market:account',
  (value) => (POSITION_ID.test(value) ? checksummed(value) : undefined),
).describe('chainId:protocol:deployment:market:account')

const WHOLE_MARKET_ID = /^\d{1,10}(:[A-Za-z0-9._~-]+){3}$/

export const marketId = parsed(
  text,
  'is no id of a market: write chainId:protocol:deployment:market',
  (value) => (WHOLE_MARKET_ID.test(value) ? checksummed(value) : undefined),
).describe('chainId:protocol:deployment:market')

export const marketPrefix = parsed(
  text,
  'is no id of a market: write chainId:protocol:deployment:market or the beginning of it',
  (value) => (MARKET_ID.test(value) ? checksummed(value) : undefined),
).describe('chainId:protocol:deployment:market, or the beginning of it up to a colon')

const CHAIN_ID_MAX = 4_294_967_295

export const chainId = parsed(text, 'is no chain id', (value) =>
  /^\d{1,10}$/.test(value) && Number(value) <= CHAIN_ID_MAX ? Number(value) : undefined,
).describe('A chain id')

export const name = z.string().regex(/^[A-Za-z0-9._~-]{1,100}$/, 'may hold letters, digits and . _ ~ - only')

const NAME_LENGTH_MAX = 255

/** A name of ENS, as ENSIP-15 writes it. */
export const ensName = z
  .string()
  .min(1)
  .max(NAME_LENGTH_MAX)
  .transform((value, context): string => {
    try {
      return normalizedName(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) })
      return z.NEVER
    }
  })
  .describe('A name of ENS, in any case: it is normalised as ENSIP-15 says')

/** A symbol or an address, as it is compared: see `hasAsset`. */
export const asset = text.describe('An asset by its address or its symbol')

export const health = parsed(text, 'is no health factor: write a decimal number such as 1.02', (value) => {
  const wad = value.length <= 60 ? parseDecimal(value, WAD_PLACES) : undefined
  return wad !== undefined && wad >= 0n ? wad : undefined
}).describe('A health factor such as 1.02')

/** US dollars as cents. */
export const usdAmount = parsed(
  text,
  'is no amount of US dollars: write a number such as 1000 or 0.50',
  (value) => (value.length <= 40 ? parseDecimal(value, USD_PLACES) : undefined),
).describe('US dollars such as 1000 or 0.50')

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

const PPM_PLACES = 4

/** A share in percent, as ppm: above 0 and at most `max` percent. */
export const percentUpTo = (max: number) =>
  parsed(text, `is no percentage: write one such as 5%, above 0 and up to ${max}%`, (value) => {
    const ppm = value.length <= 20 ? parseDecimal(value.replace(/%$/, ''), PPM_PLACES) : undefined
    return ppm !== undefined && ppm > 0n && ppm <= BigInt(max) * 10n ** BigInt(PPM_PLACES) ? ppm : undefined
  })

export const span = parsed(text, 'is no span of time: write one such as 30s, 15m, 6h or 7d', (value) => {
  const seconds = parseSpan(value)
  return seconds === 0 ? undefined : seconds
}).describe('A span of time such as 15m, 6h or 7d')

/** A moment: answers unix seconds for a given now. */
export const moment = parsed(
  text,
  'is no moment: write a span back (7d), a date (2026-01-31) or unix seconds',
  (value) =>
    parseMoment(value, 0) === undefined
      ? undefined
      : (nowSeconds: number): number => parseMoment(value, nowSeconds) ?? 0,
).describe('A span back (7d), a date (2026-01-31) or unix seconds')

export const blockNumber = parsed(text, 'is no block number', (value) =>
  /^\d{1,15}$/.test(value) ? BigInt(value) : undefined,
).describe('A block number')

const LIMIT_DEFAULT = 50

/** How many rows a page has at most. */
export const limitUpTo = (max: number) =>
  parsed(text, `is no number of rows: write 1 to ${max}`, (value) => {
    const count = /^\d{1,6}$/.test(value) ? Number(value) : 0
    return count >= 1 && count <= max ? count : undefined
  })
    .describe(`At most so many rows, up to ${max}; ${Math.min(LIMIT_DEFAULT, max)} unless told`)
    .optional()
    .transform((value) => value ?? Math.min(LIMIT_DEFAULT, max))

/** Names of a list, parted by commas. */
export const namesOf = <const N extends string>(names: readonly N[]) =>
  z.string().transform((value, context): ReadonlySet<N> => {
    const given = value.split(',')
    for (const one of given)
      if (!names.includes(one as N))
        context.addIssue({ code: 'custom', message: `"${one}" is not known: write ${names.join(',')}` })
    return new Set(given as N[])
  })

const CURSOR_LENGTH_MAX = 400

/** Makes a cursor of the place of a list's last row. */
export const cursorOf = (place: readonly (string | number | boolean | null)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/** The cursor of a page that begins behind a row, whose place is of this form. */
export const cursorIn = <S extends z.ZodType>(place: S) =>
  z
    .string()
    .max(CURSOR_LENGTH_MAX)
    .describe('`next` of the page before')
    .transform((value, context): z.output<S> => {
      try {
        return place.parse(JSON.parse(Buffer.from(value, 'base64url').toString()))
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'is no cursor of this list: give `next` of the page before',
        })
        return z.NEVER
      }
    })
    .optional()

/** A non-negative integer of JSON that SQLite and arrays can take. */
export const index = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
