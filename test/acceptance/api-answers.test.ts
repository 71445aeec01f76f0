// What a running daemon answers of the past: liquidations against what was foretold, histories at any resolution, changed parameters, tables as files; and of names.
import { encodeAbiParameters, encodeErrorResult, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployEns, ENS_REGISTRY, type LocalEns, standInResolver } from '../devnet/ens.ts'
import { type ApiWorld, startApiWorld } from '../support/api-world.ts'
import { cli } from '../support/cli.ts'
import { until } from '../support/until.ts'

let world: ApiWorld
beforeAll(async () => {
  world = await startApiWorld()
})
afterAll(() => world?.stop())

const get: ApiWorld['get'] = (path) => world.get(path)
const printed = async (...args: readonly string[]): Promise<string> =>
  (await cli([...args, '--config', world.work.configFile])).stdout
const printedJson = async (...args: readonly string[]) => JSON.parse(await printed(...args, '--json'))
const faultsOf = (body: { readonly faults: readonly { readonly path: string }[] }): readonly string[] =>
  body.faults.map(({ path }) => path)

test('liquidations with what was foretold of them: the same as the command says', async () => {
  const plain = (await get('/v1/liquidations')).body.liquidations
  const { body } = await get('/v1/liquidations?include=foretold')
  const [one] = body.liquidations
  expect(plain).toEqual(body.liquidations.map(({ foretold: _foretold, ...rest }: typeof one) => rest))
  const stored = (await printedJson('liquidations')).liquidations
  expect(one).toEqual(stored[0])
  expect(one.foretold.within).toMatchObject({ isLiquidatable: true, repaid: '100000000' })
  expect(faultsOf((await get('/v1/liquidations?include=foretold&limit=51')).body)).toEqual(['limit'])
  expect(faultsOf((await get('/v1/liquidations?include=what')).body)).toEqual(['include'])
})

test('a history is recomputed at any resolution, in pages', async () => {
  const path = `/v1/positions/${world.idOf(1)}/history`
  const stored = (await printedJson('history', world.idOf(1), '--resolution', '1s')).positions[0].points
  const { body } = await get(`${path}?resolution=1s&limit=500`)
  let points = body.points
  for (let next = body.next; next !== null; ) {
    const page = (await get(`${path}?resolution=1s&limit=500&cursor=${next}`)).body
    points = [...points, ...page.points]
    next = page.next
  }
  expect(points).toEqual(stored)
  expect(points[0].cause).toBe('recomputed')
  const whole = (await get(`${path}?resolution=1w`)).body.points
  expect(whole.at(-1)).toEqual(stored.at(-1))
  const small: unknown[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { points: unknown[]; next: string | null } = (
      await get(`${path}?resolution=5s&limit=7${next === '' ? '' : `&cursor=${next}`}`)
    ).body
    expect(page.points.length).toBeLessThanOrEqual(7)
    small.push(...page.points)
    next = page.next
  }
  expect(small).toEqual(
    (await printedJson('history', world.idOf(1), '--resolution', '5s')).positions[0].points,
  )
  const { timestamp } = points.at(-1).block
  const span = `since=${timestamp}&until=${timestamp}`
  expect((await get(`${path}?resolution=1s&${span}`)).body).toMatchObject({
    points: [points.at(-1)],
    next: null,
  })
  expect((await get(`${path}?resolution=1h&until=2020-01-01`)).body).toMatchObject({ points: [], next: null })
  for (const [query, where] of [
    ['resolution=0s', 'resolution'],
    ['resolution=1h&every=1h', 'every'],
    [`resolution=1h&cursor=${Buffer.from('[1]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('[1,3600]').toString('base64url')}`, 'cursor'],
    [`resolution=1h&cursor=${Buffer.from('[1,60]').toString('base64url')}`, 'cursor'],
  ] as const)
    expect([query, faultsOf((await get(`${path}?${query}`)).body)]).toEqual([query, [where]])
})

test('changed parameters, with what they did, by their filters', async () => {
  expect((await get('/v1/parameter-changes')).body.changes).toEqual([])
  const risk = { ltv: 5_000, liquidationThreshold: 6_000, liquidationBonus: 10_800 }
  await world.devnet.act({ kind: 'configureCollateral', asset: 'WETH', ...risk })
  await until('it is noticed', async () => (await get('/v1/parameter-changes')).body.changes.length === 3)
  const { body } = await get('/v1/parameter-changes')
  expect(body.changes).toEqual((await printedJson('changes')).changes)
  const names: string[] = body.changes.map(({ parameter }: { parameter: string }) => parameter)
  expect(body.changes[0]).toMatchObject({
    symbol: 'WETH',
    unit: 'bps',
    effect: { changeCount: 3, positionCount: 4 },
  })
  const paged: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { changes: { parameter: string }[]; next: string | null } = (
      await get(`/v1/parameter-changes?limit=2${next === '' ? '' : `&cursor=${next}`}`)
    ).body
    paged.push(...page.changes.map(({ parameter }) => parameter))
    next = page.next
  }
  expect(paged).toEqual(names)
  const { asset, block } = body.changes[0]
  for (const [query, count] of [
    ['chain=31337&market=31337:aave-v3', 3],
    ['market=31337:maker', 0],
    [`asset=${asset.toLowerCase()}`, 3],
    ['asset=weth', 3],
    ['asset=USDC', 0],
    [`parameter=${encodeURIComponent(names[0] ?? '')}`, 1],
    ['parameter=nothing', 0],
    [`since=${block.timestamp}&until=${block.timestamp}`, 3],
    [`since=${block.timestamp + 1}`, 0],
    ['until=2020-01-01', 0],
  ] as const)
    expect([query, (await get(`/v1/parameter-changes?${query}`)).body.changes.length]).toEqual([query, count])
  for (const query of ['since=soon', 'cursor=x', 'limit=0', 'asset=', 'market=a:b', 'chain=x', 'parameter='])
    expect([query, (await get(`/v1/parameter-changes?${query}`)).status]).toEqual([query, 400])
})

test('tables as files: the same bytes as the command gives', async () => {
  const { body } = await get('/v1/export')
  expect(body.formats).toEqual(['csv', 'json', 'parquet'])
  const listed = await printedJson('export')
  expect(body.tables.map(({ filters: _filters, ...rest }: { filters: unknown }) => rest)).toEqual(
    listed.tables,
  )
  for (const { name } of body.tables) {
    const { status, headers } = await get(`/v1/export/${name}`)
    expect([name, status, headers.get('cache-control')]).toEqual([name, 200, 'no-store'])
    expect(headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="plimsoll-${name}-\\d{8}T\\d{6}Z\\.csv"$`),
    )
  }
  for (const [name, format] of [
    ['snapshots', 'csv'],
    ['liquidations-foretold', 'csv'],
    ['parameter-changes', 'json'],
  ] as const)
    expect((await get(`/v1/export/${name}?format=${format}`)).text).toBe(
      await printed('export', name, '--format', format),
    )
  const parquet = await world.ask('/v1/export/snapshots?format=parquet')
  expect(parquet.headers.get('content-type')).toBe('application/vnd.apache.parquet')
  expect([parquet.text.slice(0, 4), parquet.text.slice(-4)]).toEqual(['PAR1', 'PAR1'])
  const rows = async (query: string): Promise<number> =>
    (await get(`/v1/export/snapshots?format=json&${query}`)).body.rows.length
  const all = await rows('')
  const [one, two] = [0, 1].map((index) => world.devnet.account(index))
  expect(await rows(`account=${one},${two}`)).toBe(
    (await rows(`account=${one}`)) + (await rows(`account=${two}`)),
  )
  expect(await rows('market=31337:aave-v3:main:pool&since=30d')).toBe(all)
  expect(await rows('market=31337:maker')).toBe(0)
  expect(await rows('until=2020-01-01')).toBe(0)
})

test.each([
  ['/v1/export/snapshots?format=xml', 400],
  ['/v1/export/snapshots?account=me', 400],
  [`/v1/export/snapshots?account=${`0x${'0'.repeat(39)}1,`.repeat(21)}`, 400],
  ['/v1/export/snapshots?since=soon', 400],
  ['/v1/export/snapshots?limit=1', 400],
  ['/v1/export/decisions?market=31337', 400],
  ['/v1/export/blocks?account=0x0000000000000000000000000000000000000001', 400],
  ['/v1/export/secrets', 404],
  ['/v1/export/%00', 400],
])('%s: %i', async (path, status) => {
  expect((await get(path)).status).toBe(status)
})

describe('names', () => {
  const errors = parseAbi([
    'error Error(string reason)',
    'error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)',
  ])
  const offChain = encodeErrorResult({
    abi: errors,
    errorName: 'OffchainLookup',
    args: [ENS_REGISTRY, ['https://gateway.example.org/{sender}/{data}.json'], '0x12', '0x12345678', '0x'],
  })
  const broken = encodeErrorResult({ abi: errors, errorName: 'Error', args: ['out of order'] })
  const word = (account: number): Hex =>
    encodeAbiParameters([{ type: 'address' }], [world.devnet.account(account)])
  let ens: LocalEns
  const follow = async (): Promise<void> => {
    const { hash } = await world.devnet.head()
    await until('it follows', async () => (await world.client.status()).block?.hash === hash)
  }
  const named = (name: string) => world.client.resolveName(name)
  const run = (...args: readonly string[]) => cli([...args, '--config', world.work.configFile])

  test('a registry that is not there is no name that is not there', async () => {
    const { status, body } = await get('/v1/names/vitalik.eth')
    expect([status, body.type]).toEqual([422, 'urn:plimsoll:problem:unresolvable'])
    expect(body.detail).toMatch(
      new RegExp(`^the ENS registry ${ENS_REGISTRY} could not be asked .*there is no such contract`),
    )
  })

  test('a name stands for what its resolver says, at the block of the book, however it is written', async () => {
    const { devnet } = world
    ens = await deployEns(devnet)
    const standIn = (isExtended: boolean, reverts: boolean, data: Hex) =>
      ens.deploy(standInResolver({ isExtended, reverts, data }))
    await ens.set({
      'treasury.eth': { address: devnet.account(1) },
      '🏴‍☠.eth': { address: devnet.account(2) },
      'called.eth': {
        resolver: await standIn(true, false, encodeAbiParameters([{ type: 'bytes' }], [word(3)])),
      },
      'plain.eth': { resolver: await standIn(false, false, word(3)) },
      'bare.eth': { resolver: null },
      'empty.eth': {},
      'hollow.eth': {
        resolver: await standIn(true, false, encodeAbiParameters([{ type: 'bytes' }], ['0x'])),
      },
      'broken.eth': { resolver: await standIn(false, true, broken) },
      'silent.eth': { resolver: await standIn(true, true, '0x') },
      'nonsense.eth': { resolver: await standIn(false, false, `0x${'f'.repeat(64)}`) },
      'jumbled.eth': { resolver: await standIn(true, false, word(3)) },
      'nobody.eth': { resolver: devnet.account(7) },
      'elsewhere.eth': { resolver: await standIn(false, true, offChain) },
      'gateway.eth': { resolver: await standIn(true, true, offChain) },
    })
    await follow()
    const { block } = await world.client.status()
    for (const [text, name, account] of [
      ['treasury.eth', 'treasury.eth', 1],
      ['TREASURY.eth', 'treasury.eth', 1],
      ['🏴‍☠️.ETH', '🏴‍☠.eth', 2],
      ['called.eth', 'called.eth', 3],
      ['plain.eth', 'plain.eth', 3],
    ] as const)
      expect(await named(text)).toEqual({
        ...{ name, address: devnet.account(account), chainId: 31_337, block },
        resolver: expect.stringMatching(/^0x/),
      })
    expect((await named('treasury.eth')).resolver).toBe(ens.publicResolver)
    expect((await get('/v1/names/treasury.eth?chain=31337')).status).toBe(200)
    expect((await get('/v1/names/treasury.eth?chain=1')).body.detail).toBe('chain 1 is not followed')
    expect((await world.client.status()).chains).toMatchObject([{ ensRegistry: ENS_REGISTRY }])
  })

  test.each([
    ['unheard.eth', 404, /^there is no ENS name unheard\.eth on chain 31337 at block \d+$/],
    ['sub.treasury.eth', 404, /^there is no ENS name sub\.treasury\.eth/],
    ['bare.eth', 404, /^bare\.eth is registered and has no resolver/],
    ['empty.eth', 404, /^empty\.eth has no address/],
    ['hollow.eth', 404, /^hollow\.eth has no address/],
    ['broken.eth', 422, /^the resolver 0x\w+ of broken\.eth did not say .* reverted: out of order$/],
    ['silent.eth', 422, /reverted without a reason$/],
    ['nonsense.eth', 422, /it answered 0xf+$/],
    ['jumbled.eth', 422, /it answered no bytes$/],
    ['nobody.eth', 422, /answered nothing: there is no such contract$/],
    ['elsewhere.eth', 422, /keeps its address off the chain/],
    ['gateway.eth', 422, /keeps its address off the chain/],
    ['a.b.gateway.eth', 422, /only that of gateway\.eth \(0x\w+\) may know it, by a wildcard/],
  ])('%s: %i', async (name, status, detail) => {
    const reply = await get(`/v1/names/${name}`)
    expect(reply.status).toBe(status)
    expect(reply.body.detail).toMatch(detail)
    expect(reply.body.remedy).toMatch(/address/)
  })

  test('check takes a name, of the block that it looks at, and says whose it is', async () => {
    const { devnet } = world
    const before = String((await devnet.head()).number)
    await ens.set({ 'treasury.eth': { address: devnet.account(2) } })
    const [then, now, ...refused] = await Promise.all([
      run('check', 'Treasury.eth', devnet.account(1), '--block', before, '--json'),
      run('check', 'treasury.eth'),
      run('check', 'gateway.eth'),
      run('watches', 'remove', 'treasury.eth'),
    ])
    const { names, chains } = JSON.parse(then.stdout)
    expect(names).toMatchObject([
      {
        ...{ name: 'treasury.eth', address: devnet.account(1), resolver: ens.publicResolver },
        block: { number: before },
      },
    ])
    expect(chains[0].positions).toMatchObject([{ owner: devnet.account(1) }])
    expect(now.stdout).toMatch(
      new RegExp(`^treasury\\.eth is ${devnet.account(2)} \\(chain 31337 at block \\d+\\)\n`),
    )
    expect(now.stdout).toMatch(/health \d/)
    expect(refused.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [3, expect.stringContaining('off the chain')],
      [2, expect.stringContaining('plimsoll check NAME')],
    ])
  })

  test('a reorg takes a name back with it', async () => {
    const { devnet } = world
    await follow()
    expect((await named('treasury.eth')).address).toBe(devnet.account(2))
    await devnet.reorg(1, { extraBlocks: 1 })
    await follow()
    expect((await named('treasury.eth')).address).toBe(devnet.account(1))
  })

  test('a name is watched as the address that it stands for now', async () => {
    const account = world.devnet.account(3)
    const { exitCode, stdout } = await run('watches', 'add', 'CALLED.eth')
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`${account} is watched as called.eth`)])
    expect((await world.client.watches({ account })).watches).toMatchObject([{ label: 'called.eth' }])
    await world.writer.unwatch(account)
  })
})
