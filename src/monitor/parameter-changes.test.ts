import { expect, test } from 'vitest'
import type { Market } from '../model/market.ts'
import type { Parameter, ParameterValue } from '../model/parameter.ts'
import { parametersOf, WHOLE } from '../protocols/parameters.ts'
import { registry } from '../protocols/registry.ts'
import { differencesBetween } from './parameter-changes.ts'

const [any] = registry
if (!any) throw new Error('the registry is empty')

/** A market whose parameters are these flags and counts. */
const marketOf = (values: Readonly<Record<string, ParameterValue>>, revision = '1'): Market =>
  ({ values, revision, revisionRaw: '' }) as unknown as Market

const adapter = {
  ...any,
  parameters: (market: Market): readonly Parameter[] =>
    parametersOf(WHOLE, { count: (market as unknown as { values: Record<string, bigint> }).values }),
}

const told = (before: Market, after: Market) =>
  differencesBetween(adapter, before, after).map(({ parameter, before: was, after: is }) => [
    parameter.name,
    was,
    is,
  ])

test('what is another value is told, what is the same is not', () => {
  expect(told(marketOf({ a: 1n, b: 2n }), marketOf({ a: 1n, b: 3n }))).toEqual([['b', 2n, 3n]])
  expect(told(marketOf({ a: 1n }), marketOf({ a: 1n }))).toEqual([])
})

test('what was not known before, or is not known now, has not changed', () => {
  expect(told(marketOf({}), marketOf({ a: 1n }))).toEqual([])
  expect(told(marketOf({ a: 1n }), marketOf({}))).toEqual([])
})

test('a listing is told as one change, and so is its end', () => {
  const [without, listed] = [marketOf({}), marketOf({ 'eMode[1].isListed': true, 'eMode[1].maxLtv': 1n })]
  expect(told(without, listed)).toEqual([['eMode[1].isListed', null, true]])
  expect(told(listed, without)).toEqual([['eMode[1].isListed', true, null]])
})

test('another revision is told; one that was not read yet is not', () => {
  expect(told(marketOf({}, '3.2'), marketOf({}, '3.3'))).toEqual([['revision', '3.2', '3.3']])
  expect(told(marketOf({}, ''), marketOf({}, '3.3'))).toEqual([])
})
