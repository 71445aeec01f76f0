import type { ParameterChange } from '../../model/parameter.ts'
import type { Database } from '../../store/database.ts'
import { listParameterChanges } from '../../store/parameter-changes.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { changesText } from '../print/changes.ts'
import { print, printJson } from '../print/output.ts'

export type ChangesOptions = {
  readonly since: number
  readonly market: string | undefined
  readonly json: boolean
}

const jsonOf = ({ name, chainId, blockNumber, timestamp, ...change }: ParameterChange) => ({
  block: { chainId, number: blockNumber, timestamp },
  parameter: name,
  ...change,
})

/** `changes`: parameters of followed markets that changed, newest first, and what that did to loans. */
export const changes = (database: Database, { since, market, json }: ChangesOptions): ExitCode => {
  const list = listParameterChanges(database, { since, market })
  if (json) printJson({ changes: list.map(jsonOf) })
  else if (list.length === 0) print('no parameter changed in this span, as far as markets were followed')
  else print(changesText(list))
  return EXIT.fine
}
