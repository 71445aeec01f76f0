// What is deployed holds together: files that are copied and mounted are there, addresses and paths agree, the configuration is one.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { cli } from '../support/cli.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const compose = parse(read('compose.yaml'))
const dockerfile = read('Dockerfile')

test('the image copies what is there and not ignored', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  )
  expect(copied).toContain('migrations')
  expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([])
  const kept = read('.dockerignore').split('\n')
  expect(copied.filter((name) => !kept.includes(`!${name.replace(/^\.\//, '')}`))).toEqual([])
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toContain('HEALTHCHECK')
})

test('compose mounts what is there, at the paths and ports that the configuration names', async () => {
  const services = Object.values(compose.services) as { volumes: string[] }[]
  const mounted = services.flatMap(({ volumes }) => volumes.map((one) => one.split(':')[0] ?? ''))
  expect(mounted.filter((path) => path.startsWith('.') && !existsSync(join(root, path)))).toEqual([])
  const named = Object.keys(compose.volumes)
  expect(mounted.filter((path) => !path.startsWith('.') && !named.includes(path))).toEqual([])
  const config = parse(read('deploy/plimsoll.yaml'))
  const [scrape] = parse(read('deploy/prometheus/prometheus.yml')).scrape_configs
  expect(scrape.static_configs[0].targets).toEqual([`plimsoll:${config.server.port}`])
  expect(dockerfile).toContain(`http://127.0.0.1:${config.server.port}/healthz`)
  expect(config.store.file.startsWith('/var/lib/plimsoll/')).toBe(true)
  const { stdout, exitCode } = await cli(
    ['config', 'check', '--config', join(root, 'deploy/plimsoll.yaml')],
    {
      env: {
        ETH_RPC_URL: 'http://127.0.0.1:9',
        PLIMSOLL_TOKEN: 'a-token-of-no-use',
        PLIMSOLL_METRICS_TOKEN: 'another-of-no-use',
      },
    },
  )
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('is fine')])
})

test('Prometheus asks with a token that only reads, and has rules; Grafana has a dashboard', () => {
  const { server } = parse(read('deploy/plimsoll.yaml'))
  const [scrape] = parse(read('deploy/prometheus/prometheus.yml')).scrape_configs
  const secret = scrape.authorization.credentials_file.replace('/run/secrets/', '')
  expect(compose.services.prometheus.secrets).toEqual([secret])
  const variable = compose.secrets[secret].environment
  expect(server.tokens).toEqual([{ name: 'prometheus', token: `\${${variable}}` }])
  expect(server.token).not.toBe(server.tokens[0].token)
  for (const name of [...Object.keys(compose.services.plimsoll.environment), 'GRAFANA_PASSWORD'])
    expect(read('docs/deploy.md')).toMatch(new RegExp(`^${name}=`, 'm'))
  const [rules] = parse(read('deploy/prometheus/prometheus.yml')).rule_files
  expect(rules).toBe('/etc/prometheus/rules/*.yml')
  expect(compose.services.prometheus.volumes).toContain('./deploy/prometheus:/etc/prometheus:ro')
  expect(readdirSync(join(root, 'deploy/prometheus/rules'))).toEqual(['plimsoll.yml'])
  const [provider] = parse(read('deploy/grafana/provisioning/dashboards/dashboards.yaml')).providers
  const folder = dirname(provider.options.path)
  expect(compose.services.grafana.volumes).toContain(`grafana:${folder}`)
  expect(compose.services.grafana.volumes).toContain(
    `./deploy/grafana/dashboards:${provider.options.path}:ro`,
  )
  expect(readdirSync(join(root, 'deploy/grafana/dashboards'))).toEqual(['plimsoll.json'])
})

test('the unit runs the command that the build makes, and gives up on a wrong configuration', () => {
  const unit = read('deploy/plimsoll.service')
  const command = /^ExecStart=\/usr\/bin\/node \/opt\/plimsoll\/(\S+) watch$/m.exec(unit)?.[1] ?? 'nothing'
  expect(existsSync(join(root, command))).toBe(true)
  expect(unit).toMatch(/^RestartPreventExitStatus=2$/m)
  expect(unit).toMatch(/^User=plimsoll$/m)
})
