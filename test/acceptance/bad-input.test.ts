// What a user sees when something is wrong: what, where, and how to mend it.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { createWorkspace } from '../support/workspace.ts'

let devnet: Devnet
let proxy: ProviderProxy
beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
  await devnet.openAccount({
    account: devnet.account(0),
    supplies: { WETH: 10n ** 18n },
    borrows: { USDC: 1_000_000_000n },
  })
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'plimsoll-bad-'))

const withConfig = async (
  text: string,
  command: readonly string[] = ['config', 'check'],
  env: Record<string, string> = {},
) => {
  const file = join(emptyFolder(), 'plimsoll.yaml')
  writeFileSync(file, text)
  return cli([...command, '--config', file], { env })
}

const chainText = (rest = ''): string => `chains:
  - id: 31337
    rpc: ["http://127.0.0.1:8545"]
    markets:
      - { protocol: aave-v3, deployment: main, poolAddressesProvider: "0x00000000000000000000000000000000000000aa", fromBlock: 1 }
${rest}`

describe('configuration', () => {
  test('watch without one exits 2 and points to init', async () => {
    const { exitCode, stderr } = await cli(['watch'], { cwd: emptyFolder() })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('plimsoll init')])
  })

  test('check without one and without a reachable endpoint exits 3, names every chain, and is no empty list', async () => {
    const { exitCode, stdout, stderr } = await cli(['check', devnet.account(0), '--chain', '1', '--json'], {
      cwd: emptyFolder(),
    })
    const { failures, chains } = JSON.parse(stdout)
    expect([exitCode, chains]).toEqual([3, []])
    expect(failures).toMatchObject([{ chainId: 1, market: null, reason: 'endpoint-down' }])
    expect(stderr).toContain('plimsoll init')
  })

  test.each([
    ['a YAML fault', 'chains:\n  - id: 1\n   rpc: x\n', [/plimsoll\.yaml:3:\d+: this is no YAML/]],
    ['an unknown key', chainText('watches: []\n'), [/plimsoll\.yaml:6:1 watches: is no key/]],
    [
      'a bad address',
      chainText('watch:\n  - { account: "0x12" }\n'),
      [/plimsoll\.yaml:7:\d+ watch\[0\]\.account: is no address/],
    ],
    [
      'a wrong checksum',
      chainText('watch:\n  - { account: "0x00000000000000000000000000000000000000Aa" }\n'),
      [/checksum/],
    ],
    ['two faults at once', 'store: { fil: x }\nchains: []\n', [/store\.fil/, /chains/]],
    [
      'a missing variable',
      chainText(`server: { token: "$\{NO_SUCH_TOKEN}" }\n`),
      [/:6:\d+: the environment variable NO_SUCH_TOKEN/],
    ],
    [
      'an unknown receiver',
      chainText(
        'watch:\n  - { account: "0x00000000000000000000000000000000000000aa", receivers: [nobody] }\n',
      ),
      [/no receiver nobody/],
    ],
    [
      'a rule that does not compile',
      chainText('rules:\n  - { name: R, severity: info, when: "health < 1" }\n'),
      [/rules\[0\]\.when: rule R, when: .*character 1: expected one of healthFactor/],
    ],
    [
      'everything that is wrong with a rule',
      chainText(
        [
          'rules:',
          '  - name: R',
          '    severity: info',
          '    when: "healthFactor < 1.10 and phase == \'fine\'"',
          '    until: "healthFactor >"',
          '    annotations: { summary: "{{ nobody }}" }',
          '  - name: S',
          '    severity: info',
          '    when: "healthFactor < 1.10"',
          '    until: "healthFactor > 1.05"',
          '',
        ].join('\n'),
      ),
      [
        /:9:5 rules\[0\]\.when: .*character 34: expected one of "no-debt", "healthy"/,
        /:10:5 rules\[0\]\.until: .*character 15: expected a number/,
        /:11:20 rules\[0\]\.annotations\.summary: .*names "nobody", which is not known/,
        /:15:5 rules\[1\]\.until: .*met while "when" is met too, as with healthFactor 1\.075/,
      ],
    ],
    [
      'a server open to others without a token',
      chainText('server: { host: 0.0.0.0 }\n'),
      [/set server\.token/],
    ],
    [
      'an asset in two groups',
      chainText('groups:\n  - { name: a, assets: [WETH] }\n  - { name: b, assets: [USDC, WETH] }\n'),
      [/plimsoll\.yaml:8:\d+ groups\[1\]\.assets\[1\]: WETH is in group a already/],
    ],
    [
      'a group of nothing, and an asset that is no address',
      chainText('groups:\n  - { name: a, assets: [] }\n  - { name: b, assets: ["0x12"] }\n'),
      [/:7:\d+ groups\[0\]\.assets/, /:8:\d+ groups\[1\]\.assets\[0\]/],
    ],
    [
      'an unknown deployment',
      'chains:\n  - { id: 1, markets: ["aave-v3:nowhere"] }\n',
      [/aave-v3:nowhere is no known deployment/],
    ],
    [
      'an address that is no endpoint',
      'chains:\n  - { id: 1, rpc: ["ftp://x"] }\n',
      [/rpc\[0\]: is no http/],
    ],
  ])('%s is named with its line', async (_what, text, patterns) => {
    const { exitCode, stderr } = await withConfig(text)
    expect(exitCode).toBe(2)
    for (const pattern of patterns) expect(stderr).toMatch(pattern)
  })

  test('init writes a file that is fine, and never over one that is there', async () => {
    const cwd = emptyFolder()
    expect((await cli(['init', devnet.account(1)], { cwd })).exitCode).toBe(0)
    expect((await cli(['config', 'check'], { cwd })).stdout).toMatch(
      /is fine: 1 chains, \d+ markets, 1 watched/,
    )
    expect(await cli(['init'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there already'),
    })
    expect(JSON.parse((await cli(['config', 'schema'], { cwd })).stdout)).toHaveProperty('properties.chains')
  })
})

describe('arguments', () => {
  test.each([
    [['check', '0x123'], 'is no address'],
    [['check', '0x00000000000000000000000000000000000000Aa'], 'checksum is wrong'],
    [['check', '0x00000000000000000000000000000000000000aa', '--block', 'x'], '--block is "x"'],
    [['candidates', '--max-health', 'low'], '--max-health is "low"'],
    [['candidates', '--simulate', '--from', '0x12'], 'is no address'],
    [['candidates', '--from', '0x00000000000000000000000000000000000000aa'], 'Add --simulate'],
    [['history', 'nobody'], 'is no address'],
    [['no-such-command'], 'unknown command'],
    [['check'], 'missing required argument'],
  ])('%j is usage, exit 2', async (args, text) => {
    const { configFile } = createWorkspace(devnet, { rpc: [devnet.url] })
    const { exitCode, stderr } = await cli(args, { env: { PLIMSOLL_CONFIG: configFile } })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(text)])
  })
})

describe('endpoints', () => {
  test('a wrong chain id and a dead endpoint are failures with their reason; secrets stay inside', async () => {
    proxy.setFaults({ chainId: 5 })
    const { configFile } = createWorkspace(devnet, {
      rpc: [`${proxy.url}/v3/topsecretkey`, 'http://127.0.0.1:1/topsecretkey'],
    })
    const { exitCode, stdout } = await cli(['check', devnet.account(0), '--config', configFile])
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining('serves chain 5, not chain 31337')])
    expect(stdout).toContain('http://127.0.0.1:1 refused')
    expect(stdout).not.toContain('topsecretkey')
    proxy.setFaults({})
  })

  test('the next endpoint serves where the first one is wrong', async () => {
    proxy.setFaults({ chainId: 5 })
    const { configFile } = createWorkspace(devnet, { rpc: [proxy.url, devnet.url] })
    const { exitCode, stdout } = await cli(['check', devnet.account(0), '--config', configFile, '--json'])
    expect([exitCode, JSON.parse(stdout).failures]).toEqual([0, []])
    proxy.setFaults({})
  })

  test('an account without positions is told so, with where was looked', async () => {
    const { configFile } = createWorkspace(devnet, { rpc: [devnet.url] })
    const { exitCode, stdout } = await cli(['check', devnet.account(77), '--config', configFile])
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/no loans found; looked at chain 31337 \(aave-v3:main\)/),
    ])
  })

  test('doctor names what fails', async () => {
    proxy.setFaults({ refuse: ['eth_getLogs'] })
    const { configFile } = createWorkspace(devnet, { rpc: [proxy.url, 'http://127.0.0.1:1'] })
    const { exitCode, stdout } = await cli(['doctor', '--config', configFile])
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/✗ .*logs: no endpoint of chain 31337 serves logs[\s\S]*✗ .*127\.0\.0\.1:1/),
    ])
    proxy.setFaults({})
  })
})

describe('the database', () => {
  test('a place that cannot be written is named', async () => {
    const { folder } = createWorkspace(devnet, { rpc: [devnet.url] })
    mkdirSync(join(folder, 'folder.db'))
    const config = createWorkspace(devnet, { rpc: [devnet.url] })
    const file = join(config.folder, 'other.yaml')
    writeFileSync(file, `store: { file: ${join(folder, 'folder.db')} }\n${chainText()}`)
    const { exitCode, stderr } = await cli(['sync', '--config', file])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('store.file')])
  })

  test('one of a newer version is left alone; a missing one is no empty list', async () => {
    const { configFile, storeFile } = createWorkspace(devnet, { rpc: [devnet.url] })
    expect(await cli(['positions', '--config', configFile])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no database'),
    })
    const database = openDatabase(storeFile)
    database.$client.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)")
    database.$client.close()
    for (const command of ['positions', 'sync', 'watch'])
      expect(await cli([command, '--config', configFile])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('newer version'),
      })
  })
})
