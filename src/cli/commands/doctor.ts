import colors from 'picocolors'
import { examine, type Finding } from '../../app/doctor.ts'
import { loadContextOrPublic } from '../context.ts'
import { EXIT } from '../exit.ts'
import { plain, print, printJson } from '../print/output.ts'
import type { Run } from '../run.ts'

const mark = ({ state }: Finding): string =>
  state === 'fine' ? colors.green('✓') : state === 'warning' ? colors.yellow('!') : colors.red('✗')

/** `doctor`: endpoints, chain ids, logs, archive depth, database; exit 1 where something fails. */
export const doctor: Run = async (_args, options) => {
  const { config, file, redact } = loadContextOrPublic(options)
  const findings = (await examine(config)).map((finding) => ({ ...finding, detail: redact(finding.detail) }))
  if (options.json) printJson({ config: file ?? null, findings })
  else {
    print(file ? `configuration ${file}` : 'no plimsoll.yaml: looking at public endpoints')
    print(...findings.map((finding) => `${mark(finding)} ${finding.subject}: ${plain(finding.detail)}`))
  }
  return findings.some(({ state }) => state === 'failed') ? EXIT.finding : EXIT.fine
}
