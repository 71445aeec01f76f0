// What operators look at asks for what is there: dashboard, alert rules and the table of the docs against the metrics of a daemon to which
// everything that is counted has happened.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startDevnet } from '../devnet/devnet.ts'
import { createClient, servedAt } from '../support/api.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { askedBy } from '../support/promql.ts'
import { until } from '../support/until.ts'
import { startReceiver } from '../support/webhook.ts'
import { createWorkspace } from '../support/workspace.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** What Prometheus itself adds to everything that it takes from a target. */
const TARGET_LABELS = ['instance', 'job']

type Metric = {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labels: readonly string[]
}

const metricsIn = (text: string): ReadonlyMap<string, Metric> => {
  const found = new Map<string, Metric>()
  for (const [, name = '', help = ''] of text.matchAll(/^# HELP (\w+) (.*)$/gm)) {
    const type = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text)?.[1] ?? ''
    const suffix =
      type === 'histogram' ? '_(?:bucket|sum|count)' : type === 'summary' ? '(?:_sum|_count)?' : ''
    const samples = [...text.matchAll(new RegExp(`^${name}${suffix}(?:\\{(.*)\\})? \\S+$`, 'gm'))]
    const labels = samples.flatMap(([, inner = '']) =>
      [...inner.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
    )
    found.set(name, { name, type, help, labels: samples.length > 0 ? [...new Set(labels)] : ['no sample'] })
  }
  return found
}

let metrics: ReadonlyMap<string, Metric>
let stop: () => Promise<void>

/** One loan is liquidatable and told of; then the node is gone. */
beforeAll(async () => {
  const devnet = await startDevnet({ stateBlocksMax: 1_000 })
  const hook = await startReceiver()
  await devnet.openAccounts([
    { account: devnet.account(0), supplies: { WETH: 10n ** 18n }, borrows: { USDC: 1_500_000_000n } },
  ])
  const { configFile } = createWorkspace(devnet, {
    rpc: [devnet.url],
    watch: [{ account: devnet.account(0) }],
    chain: { unreachableSecondsMax: 1 },
    webhook: { url: hook.url },
    more: { server: { port: 0 } },
  })
  const daemon = startDaemon(configFile)
  stop = async () => {
    await daemon.kill()
    await hook.stop()
  }
  const ask = createClient(await servedAt(daemon), null)
  const shown = async (): Promise<string> => (await ask('/metrics')).text
  await devnet.setPrice('WETH', 1_600n * 10n ** 8n)
  await until('it is told', () => hook.received.length > 0)
  await until('it is counted', async () => /^plimsoll_candidates\{.*\} 1$/m.test(await shown()))
  hook.answer(500)
  await devnet.stop()
  await until('the node is missed', async () => /^plimsoll_failures_total\{/m.test(await shown()))
  await until('a message waits', async () => /^plimsoll_outbox_waiting\{/m.test(await shown()))
  metrics = metricsIn(await shown())
}, 60_000)
afterAll(() => stop?.())

const metricOf = (name: string): Metric | undefined =>
  name === 'up'
    ? { name, type: 'gauge', help: '', labels: [] }
    : (metrics.get(name) ?? metrics.get(name.replace(/_(?:bucket|sum|count)$/, '')))

const names = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)

/** What is wrong with an expression and with the texts that name labels of what it answers. */
const faultsOf = (expression: string, texts: string): readonly string[] => {
  const { faults, selectors, grouped } = askedBy(expression)
  const known = selectors.flatMap(({ metric }) => metricOf(metric)?.labels ?? [])
  const answered = grouped ?? known
  return [
    ...faults.map((rest) => `no PromQL at “${rest}”`),
    ...(selectors.length === 0 ? ['asks for nothing'] : []),
    ...selectors.flatMap(({ metric, labels }) => {
      const found = metricOf(metric)
      if (!found) return [`${metric} is no metric`]
      return labels
        .filter((label) => ![...found.labels, ...TARGET_LABELS].includes(label))
        .map((label) => `${metric} has no label ${label}`)
    }),
    ...(grouped ?? [])
      .filter((label) => ![...known, ...TARGET_LABELS].includes(label))
      .map((label) => `groups by ${label}, which nothing has`),
    ...names(texts, /(?:\{\{|\$labels\.)\s*(\w+)\s*\}\}/g)
      .filter((label) => ![...answered, ...(grouped ? [] : TARGET_LABELS)].includes(label))
      .map((label) => `the label ${label} is not in the answer`),
  ].map((fault) => `${expression}: ${fault}`)
}

type Panel = {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: { readonly uid: string }
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly {
    readonly expr: string
    readonly legendFormat: string
    readonly datasource: { readonly uid: string }
  }[]
}

const dashboards = readdirSync(join(root, 'deploy/grafana/dashboards')).map((name) =>
  JSON.parse(read(`deploy/grafana/dashboards/${name}`)),
)

test('dashboards ask for metrics and labels that are there', () => {
  const targets = dashboards.flatMap(({ panels }) =>
    (panels as Panel[]).flatMap(({ targets = [] }) => targets),
  )
  expect(targets.length).toBeGreaterThan(20)
  expect(targets.flatMap(({ expr, legendFormat }) => faultsOf(expr, legendFormat))).toEqual([])
  const looked = dashboards.flatMap(({ annotations }) => annotations.list as { expr: string }[])
  expect(looked.flatMap(({ expr }) => faultsOf(expr, ''))).toEqual([])
  const variables = dashboards.flatMap(
    ({ templating }) => templating.list as { name: string; definition: string }[],
  )
  for (const { definition } of variables) {
    const [, asked = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? []
    expect(faultsOf(asked, `{{${label}}}`)).toEqual([])
  }
  const used = names(JSON.stringify(dashboards), /\$([a-z]\w*)/g)
  expect([...new Set(used)].sort()).toEqual(variables.map(({ name }) => name).sort())
})

test('a dashboard is whole: each panel once, from the source that is provisioned, and none over another', () => {
  const [source] = parse(read('deploy/grafana/provisioning/datasources/prometheus.yaml')).datasources
  for (const { uid, panels } of dashboards as { uid: string; panels: Panel[] }[]) {
    expect(uid).toMatch(/^[a-z-]+$/)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const drawn = panels.filter(({ type }) => type !== 'row')
    expect(new Set(drawn.map(({ title }) => title)).size).toBe(drawn.length)
    for (const { datasource, targets = [], description } of drawn) {
      expect([datasource?.uid, ...targets.map((one) => one.datasource.uid)]).toEqual(
        Array.from({ length: targets.length + 1 }, () => source.uid),
      )
      expect(description).toBeTruthy()
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24)
  }
})

test('every rule asks for what is there, says what to do, and names commands that there are', async () => {
  const [group] = parse(read('deploy/prometheus/rules/plimsoll.yml')).groups
  const rules = group.rules as {
    alert: string
    expr: string
    for?: string
    labels: { severity: string }
    annotations: { summary: string; description: string }
  }[]
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  for (const { alert, expr, labels, annotations, ...rest } of rules) {
    const { summary, description } = annotations
    expect(faultsOf(expr, `${summary} ${description}`)).toEqual([])
    expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(?:warning|critical)$/)])
    expect([alert, description.length > 40, rest.for ?? '1m']).toEqual([
      alert,
      true,
      expect.stringMatching(/^\d+[mh]$/),
    ])
  }
  const commands = names(JSON.stringify(rules), /`plimsoll ([a-z ]+)`/g)
  expect(commands.length).toBeGreaterThan(5)
  for (const command of new Set(commands)) {
    const { stdout } = await cli([...command.split(' '), '--help'])
    expect(stdout).toContain(`Usage: plimsoll ${command}`)
  }
})

test('the docs name every metric as it is', () => {
  const rows = [...read('docs/deploy.md').matchAll(/^\| `(plimsoll_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)]
  const told = rows.map(([, name = '', type = '', labels = '', help = '']) => ({
    ...{ name, type, help },
    labels: names(labels, /`(\w+)`/g).toSorted(),
  }))
  const own = [...metrics.values()].filter(({ name }) => name.startsWith('plimsoll_'))
  const there = own.map(({ labels, ...metric }) => ({
    ...metric,
    labels: labels.filter((label) => label !== 'le').toSorted(),
  }))
  expect(told).toEqual(there)
})
