// What every adapter promises of parameters, held against states of real contracts.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Market } from '../../src/model/market.ts'
import type { Parameter } from '../../src/model/parameter.ts'
import { differencesBetween } from '../../src/monitor/parameter-changes.ts'
import { always, assessIn, type Subject } from './recorded.ts'

const nothing = fc.constant(undefined)

const TYPES = { flag: 'boolean', text: 'string', address: 'string' } as const
const typeOf = (unit: Parameter['unit']): string => TYPES[unit as keyof typeof TYPES] ?? 'bigint'

/** Something that governance sets, in the terms of the state, and the parameters that it is told as. */
type Setting = readonly [change: (market: never) => Partial<Market> | object, names: readonly string[]]

const eachOf = <T>(record: Readonly<Record<string, T>>, change: (entry: T) => Partial<T>) =>
  Object.fromEntries(Object.entries(record).map(([key, entry]) => [key, { ...entry, ...change(entry) }]))

const SETTINGS: Readonly<Record<string, readonly Setting[]>> = {
  'aave-v3': [
    // Bits 60 and 57 of the configuration word: paused and frozen.
    [
      ({ reserves }: { reserves: Readonly<Record<string, { configuration: bigint }>> }) => ({
        reserves: eachOf(reserves, ({ configuration }) => ({ configuration: configuration ^ (1n << 60n) })),
      }),
      ['isPaused'],
    ],
    [
      ({ reserves }: { reserves: Readonly<Record<string, { configuration: bigint }>> }) => ({
        reserves: eachOf(reserves, ({ configuration }) => ({ configuration: configuration ^ (1n << 16n) })),
      }),
      ['liquidationThreshold'],
    ],
  ],
  'compound-v2': [
    [({ closeFactor }: { closeFactor: bigint }) => ({ closeFactor: closeFactor + 1n }), ['closeFactor']],
    [
      ({ cTokens }: { cTokens: Readonly<Record<string, { collateralFactor: bigint }>> }) => ({
        cTokens: eachOf(cTokens, ({ collateralFactor }) => ({ collateralFactor: collateralFactor + 1n })),
      }),
      ['liquidationThreshold', 'maxLtv'],
    ],
  ],
  'compound-v3': [
    [
      ({ totals }: { totals: { pauseFlags: number } }) => ({
        totals: { ...totals, pauseFlags: totals.pauseFlags ^ 8 },
      }),
      ['isAbsorbPaused'],
    ],
  ],
  'euler-v2': [
    [
      ({ config }: { config: { interestFee: bigint } }) => ({
        config: { ...config, interestFee: config.interestFee + 1n },
      }),
      ['reserveFactor'],
    ],
  ],
  'liquity-v2': [
    [
      ({ pools }: { pools: { shutdownTime: number } }) => ({
        pools: { ...pools, shutdownTime: pools.shutdownTime === 0 ? 1 : 0 },
      }),
      ['isShutDown'],
    ],
  ],
  maker: [
    [
      ({ dog }: { dog: { chop: bigint } }) => ({ dog: { ...dog, chop: dog.chop + 1n } }),
      ['liquidationPenalty'],
    ],
    [({ vat }: { vat: { line: bigint } }) => ({ vat: { ...vat, line: vat.line + 1n } }), ['debtCeiling']],
  ],
  'morpho-blue': [
    [
      ({ reading }: { reading: { totals: { fee: bigint } } }) => ({
        reading: { ...reading, totals: { ...reading.totals, fee: reading.totals.fee + 1n } },
      }),
      ['reserveFactor'],
    ],
  ],
  'venus-core': [
    [
      ({ isProtocolPaused }: { isProtocolPaused: boolean }) => ({ isProtocolPaused: !isProtocolPaused }),
      ['isPaused'],
    ],
  ],
}

/** Whether a world's market has all that a setting changes. */
const changedBy = (change: Setting[0], market: Market): Market | undefined => {
  try {
    return { ...market, ...change(market as never) }
  } catch {
    return undefined
  }
}

const namesOf = (...args: Parameters<typeof differencesBetween>): readonly string[] => [
  ...new Set(differencesBetween(...args).map(({ parameter }) => parameter.name)),
]

/** Parameters whose value is not of their unit, or whose name and asset another has too. */
const wrongIn = (parameters: readonly Parameter[]): readonly Parameter[] => {
  const seen = new Set<string>()
  return parameters.filter(({ name, asset, unit, value, decimals }) => {
    const key = `${name} ${asset}`
    const isTwice = seen.has(key)
    seen.add(key)
    return isTwice || typeof value !== typeOf(unit) || (decimals !== undefined) !== (unit === 'amount')
  })
}

/** How often a setting was told; each time by its names alone, and not when it is taken back. */
const toldOf = ({ adapter, worlds }: Subject, [change, names]: Setting): number => {
  let count = 0
  for (const { market, name } of worlds.filter((_, index) => index % 10 === 0)) {
    const after = changedBy(change, market)
    const told = after ? namesOf(adapter, market, after) : []
    if (!after || told.length === 0) continue
    count += 1
    expect([...told].sort(), name).toEqual([...names].sort())
    expect(namesOf(adapter, market, adapter.withParametersOf(after, market)), name).toEqual([])
  }
  return count
}

/** Tests of one adapter. */
export const testParameters = (subject: Subject): void => {
  const { adapter } = subject

  test('every parameter has a name of its own and a value of its unit', () =>
    always(subject, nothing, ({ market, name }) => {
      expect(wrongIn(adapter.parameters(market)), name).toEqual([])
    }))

  test('under its own parameters a market is what it is', () =>
    always(subject, nothing, (world) => {
      const market = adapter.withParametersOf(world.market, world.market)
      expect(assessIn(subject, { ...world, market }), world.name).toEqual(assessIn(subject, world))
      expect(namesOf(adapter, world.market, market), world.name).toEqual([])
    }))

  test('what is set is told by its names alone, and can be taken back', () => {
    for (const setting of SETTINGS[subject.protocol] ?? [])
      expect(toldOf(subject, setting)).toBeGreaterThan(0)
  })
}
