// What every adapter's parameters share.
import type { Parameter, ParameterUnit, ParameterValue } from '../model/parameter.ts'

/** Whose parameters they are. `part` names the part of a market in which alone they hold, `decimals` are those of its amounts. */
type Owner = Pick<Parameter, 'asset' | 'symbol' | 'decimals' | 'prices'> & { readonly part?: string }

/** Values by unit and name; what is undefined is not set, or was not read. */
type Values = Readonly<Partial<Record<ParameterUnit, Readonly<Record<string, ParameterValue | undefined>>>>>

/** A whole market as the owner of parameters. */
export const WHOLE: Owner = { asset: null }

/** The parameters of an owner, in the order in which they are written down. */
export const parametersOf = ({ part, decimals, ...owner }: Owner, values: Values): readonly Parameter[] =>
  Object.entries(values).flatMap(([unit, named]) =>
    Object.entries(named).flatMap(([name, value]): readonly Parameter[] =>
      value === undefined
        ? []
        : [
            {
              name: part === undefined ? name : `${part}.${name}`,
              ...owner,
              value,
              unit: unit as ParameterUnit,
              ...(unit === 'amount' ? { decimals: decimals ?? 0 } : {}),
            },
          ],
    ),
  )

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
