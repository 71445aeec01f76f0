import { expect, test } from 'vitest'
import { registry } from '../../protocols/registry.ts'
import type { Config } from './config.ts'
import { ConfigError, parseConfig } from './load.ts'

const CHAIN = 'chains: [{ id: 42161, rpc: ["http://127.0.0.1:1"] }]'

const configOf = (...lines: readonly string[]): Config =>
  parseConfig('plimsoll.yaml', [CHAIN, ...lines].join('\n'), {}, registry).config

const faultsOf = (...lines: readonly string[]): readonly string[] => {
  try {
    configOf(...lines)
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`)
    throw error
  }
  return []
}

test('without a word, the bounds are the usual ones, and a rollup has its sequencer’s feed', () => {
  const { watcher, chains, digest, heartbeat, deadMansSwitch, oracles } = configOf()
  expect(watcher).toMatchObject({ checkSeconds: 60, deliverySecondsMax: 300, jobLateSecondsMax: 3_600 })
  expect([digest, heartbeat, deadMansSwitch, oracles]).toEqual([undefined, undefined, undefined, []])
  expect(chains[0]?.sequencer).toEqual({
    feed: '0xFdB631F5EE196F0ed6FAa767959853A9F217697D',
    graceSeconds: 3_600,
  })
})

test('digests are in UTC unless told', () => {
  expect(configOf('digest: { cron: "0 8 * * *" }').digest).toEqual({ cron: '0 8 * * *', timezone: 'UTC' })
})

test.each([
  ['digest: { cron: "0 25 * * *" }', '2 digest.cron: is no cron expression such as "0 8 * * *": 25'],
  ['digest: { cron: "0 8 * * *", timezone: Mars/Base }', '2 digest.timezone: is no time zone'],
  ['heartbeat: { cron: "0 8 * * *", receivers: [me] }', '2 heartbeat.receivers[0]: there is no receiver me'],
  [
    'receivers: [{ name: duty, pagerduty: { routingKey: 0123456789abcdef0123456789abcdef } }]\ndigest: { cron: "0 8 * * *", receivers: [duty] }',
    '3 digest.receivers[0]: the receiver duty takes alerts only',
  ],
  ['deadMansSwitch: { url: "ftp://example.org" }', '2 deadMansSwitch.url: is no http(s) address'],
  ['oracles: [{ heartbeatSeconds: 60 }]', '2 oracles[0]: names either a feed by its address or an asset'],
  ['oracles: [{ feed: "0x12", heartbeatSeconds: 60 }]', '2 oracles[0].feed: is no address'],
  ['watcher: { diskFreeShareMin: 2 }', '2 watcher.diskFreeShareMin: is to be 1 at most'],
])('%s: refused', (line, fault) => {
  expect(faultsOf(line)).toEqual([expect.stringContaining(fault)])
})
