// Rules that make no sense: a condition that nothing meets, an end that comes while the condition still holds.
import { BaseError } from '../model/errors.ts'
import { WAD } from '../units/brands.ts'
import { wadToDecimal } from '../units/format.ts'
import { type Comparison, comparisonsIn, type Expression, evaluate, type Literal } from './expression.ts'
import { type FieldValue, fields } from './fields.ts'

export class SenselessError extends BaseError {
  override readonly name = 'SenselessError'
}

/** Worlds that are tried at most; a rule of more is taken as it is. */
const WORLDS_MAX = 20_000

/** Values of a field of which one stands for every other that compares alike with all literals. */
const valuesOf = (field: string, comparisons: readonly Comparison[]): readonly Literal[] => {
  const literals = comparisons.flatMap((one) => (one.field === field ? [one.literal] : []))
  if (fields[field]?.type === 'boolean') return [true, false]
  if (fields[field]?.type === 'string') return [...new Set([...literals, 'another'])]
  const edges = [...new Set(literals)]
    .filter((one) => typeof one === 'bigint')
    .sort((a, b) => (a < b ? -1 : 1))
  return edges.flatMap((edge, index) => {
    const [before, after] = [edges[index - 1], edges[index + 1]]
    return [
      ...(before === undefined ? [edge - WAD] : []),
      edge,
      after === undefined ? edge + WAD : (edge + after) / 2n,
    ]
  })
}

type World = ReadonlyMap<string, FieldValue>

/** Every combination of such values; undefined where there are too many. */
const worldsOf = (expressions: readonly Expression[]): readonly World[] | undefined => {
  const comparisons = expressions.flatMap(comparisonsIn)
  let worlds: readonly World[] = [new Map()]
  for (const field of new Set(comparisons.map((one) => one.field))) {
    const values = valuesOf(field, comparisons)
    if (worlds.length * values.length > WORLDS_MAX) return undefined
    worlds = worlds.flatMap((world) => values.map((value) => new Map([...world, [field, value]])))
  }
  return worlds
}

const isMetIn = (expression: Expression, world: World): boolean =>
  evaluate(expression, (field) => world.get(field)) === 'met'

/** Throws `SenselessError` where nothing meets the expression. */
export const requireMeetable = (expression: Expression): void => {
  const worlds = worldsOf([expression])
  if (worlds?.every((world) => !isMetIn(expression, world)))
    throw new SenselessError('nothing can meet this', {
      remedy: 'Look for comparisons that exclude each other.',
    })
}

const textOf = (value: FieldValue): string =>
  typeof value === 'bigint' ? wadToDecimal(value) : JSON.stringify(value)

/** Throws `SenselessError` where the end of a rule is met while its condition is, by the same fields. */
export const requireApart = (when: Expression, until: Expression): void => {
  const fieldsOf = (expression: Expression): ReadonlySet<string> =>
    new Set(comparisonsIn(expression).map(({ field }) => field))
  const [own, other] = [fieldsOf(when), fieldsOf(until)]
  if ([...other].some((field) => !own.has(field))) return
  const both = worldsOf([when, until])?.find((world) => isMetIn(when, world) && isMetIn(until, world))
  if (!both) return
  const example = [...both].map(([field, value]) => `${field} ${textOf(value)}`).join(', ')
  throw new SenselessError(`it is met while "when" is met too, as with ${example}`, {
    remedy:
      'Write an end that lies beyond the condition: when "healthFactor < 1.10", until "healthFactor > 1.15".',
  })
}
