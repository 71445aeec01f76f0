// What every adapter's parameters share.
import type { Parameter, ParameterUnit, ParameterValue } from '../model/parameter.ts'

/** Whose parameters they are. `part` names the part of a market in which alone they hold, `decimals` are those of its amounts. */
type Owner = Pick<Parameter, 'asset' | 'symbol' | 'decimals' | 'prices'> & { readonly part?: string }

/** Values by unit and name; what is undefined is not set, or was not read. */
type Values = Readonly<Partial<Record<ParameterUnit, Readonly<Record<string, ParameterValue | undefined>>>>>

/** A whole market as the owner of parameters. */
export const WHOLE: Owner = { asset: null }

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The parameters of an owner, in the order in which they are written down. */
export const parametersOf = (
  { part, decimals = 0, asset, symbol, prices }: Owner,
  values: Values,
): readonly Parameter[] => {
  const all: Parameter[] = []
  for (const unit in values) {
    const named = values[unit as ParameterUnit]
    for (const name in named) {
      const value = named[name]
      if (value === undefined) continue
      const parameter: Writable<Parameter> = {
        name: part === undefined ? name : `${part}.${name}`,
        asset,
        value,
        unit: unit as ParameterUnit,
      }
      if (symbol !== undefined) parameter.symbol = symbol
      if (unit === 'amount') parameter.decimals = decimals
      if (prices !== undefined) parameter.prices = prices
      all.push(parameter)
    }
  }
  return all
}

/** The same for a part of markets, worked out once: what did not change between two of them is the same object. */
export const rememberedFor = <T extends object>(
  make: (part: T) => readonly Parameter[],
): ((part: T) => readonly Parameter[]) => {
  const known = new WeakMap<T, readonly Parameter[]>()
  return (part) => {
    const remembered = known.get(part) ?? make(part)
    known.set(part, remembered)
    return remembered
  }
}

/** Entries of a record under earlier ones, as `restore` makes them; what was not there before stays as it is. */
export const restoredEach = <T>(
  entries: Readonly<Record<string, T>>,
  before: Readonly<Record<string, T>>,
  restore: (entry: T, before: T) => T,
): Readonly<Record<string, T>> =>
  Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => {
      const earlier = before[key]
      return [key, earlier === undefined ? entry : restore(entry, earlier)]
    }),
  )
