import { nowMs } from '../../app/clock.ts'
import { parameterChangeJson } from '../../app/parameter-change-json.ts'
import { listParameterChanges } from '../../store/parameter-changes.ts'
import { withStore } from '../context.ts'
import { EXIT } from '../exit.ts'
import { marketArgument, momentArgument } from '../parse.ts'
import { changesText } from '../print/changes.ts'
import { print, printJson } from '../print/output.ts'
import type { Run } from '../run.ts'

/** `changes`: parameters of followed markets that changed, newest first, and what that did to loans. */
export const changes: Run = (_args, options) => {
  const { since, market } = options
  const wanted = {
    since: since === undefined ? 0 : momentArgument('--since', since, Math.floor(nowMs() / 1_000)),
    market: market === undefined ? undefined : marketArgument(market),
  }
  return withStore(options, (database) => {
    const list = listParameterChanges(database, wanted)
    if (options.json) printJson({ changes: list.map(parameterChangeJson) })
    else if (list.length === 0) print('no parameter changed in this span, as far as markets were followed')
    else print(changesText(list))
    return EXIT.fine
  })
}
