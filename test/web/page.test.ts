// The page in a real browser, beside a real daemon that follows a real chain.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createClient } from '../support/api.ts'
import { startBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { READS, startWebWorld, type WebWorld, WRITES } from '../support/web-world.ts'

const FIRST_LOAD_BYTES_MAX = 250_000
/** Where one says whose loans to show. */
const FIELD = 'Address or ENS name of an account'

let world: WebWorld
let browser: Browser
let context: BrowserContext | undefined
let faults: string[] = []

beforeAll(async () => {
  ;[world, browser] = await Promise.all([startWebWorld({ hasTokens: true }), startBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})
afterEach(async () => {
  await context?.close()
  context = undefined
  expect(faults.splice(0)).toEqual([])
})

type Opened = { readonly token?: string; readonly scheme?: 'light' | 'dark'; readonly width?: number }

/** A new window; what goes wrong in it is a fault of the test. */
const open = async (
  path: string,
  { token = WRITES, scheme = 'light', width = 1_440 }: Opened = {},
): Promise<Page> => {
  context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  if (token !== '') await context.addInitScript(`sessionStorage.setItem('plimsoll-token', '${token}')`)
  const page = await context.newPage()
  faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // That an answer is a problem, the browser says by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text())
  })
  await page.goto(`${world.url}${path}`)
  return page
}

const ask = (path: string) => createClient(world.url, READS)(path)
const accountOf = (index: number): string => world.accounts[index] ?? ''
const exactOf = async (page: Page, place: string): Promise<string> =>
  (await page.locator(`${place} data`).first().getAttribute('value')) ?? ''
/** `1.2` for 1200000000000000000. */
const decimal = (wad: string): string => {
  const digits = wad.padStart(19, '0')
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, '')
}
const healthOf = async (index: number): Promise<string> =>
  decimal((await ask(`/v1/accounts/${accountOf(index)}`)).body.chains[0].positions[0].healthFactor)

test('the page is sent with a strict policy, its parts for ever, and nothing inline', async () => {
  const page = await fetch(world.url)
  const text = await page.text()
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=|https?:/)
  const etag = page.headers.get('etag') ?? ''
  expect((await fetch(world.url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  const [, asset = ''] = /src="([^"]+\.js)"/.exec(text) ?? []
  const script = await fetch(`${world.url}${asset}`, { headers: { 'accept-encoding': 'gzip' } })
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(script.headers.get('content-encoding')).toBe('gzip')
  for (const view of [
    '/accounts',
    `/accounts/${accountOf(0)}`,
    '/candidates',
    '/markets',
    '/alerts',
    '/analyst',
    '/analyst/stress',
    '/analyst/liquidations',
  ])
    expect(await (await fetch(`${world.url}${view}`)).text()).toBe(text)
  expect((await fetch(`${world.url}/anything`)).status).toBe(404)
  expect((await fetch(`${world.url}/assets/anything.js`)).status).toBe(404)
})

test('the first load is small, and from nowhere else', async () => {
  const sizes = new Map<string, number>()
  const page = await open('/about:blank')
  page.on('response', (response) => {
    void response.body().then(
      (body) => sizes.set(response.url(), gzipSync(body).length),
      () => undefined,
    )
  })
  await page.goto(world.url)
  await page.getByRole('heading', { name: 'Watched loans' }).waitFor()
  await page.locator('.u-wrap').first().waitFor()
  expect([...sizes.keys()].filter((url) => !url.startsWith(world.url))).toEqual([])
  const parts = [...sizes].filter(([url]) => !url.includes('/v1/'))
  expect(parts.length).toBeGreaterThan(3)
  expect(parts.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(FIRST_LOAD_BYTES_MAX)
})

test('the overview shows who is watched, how all loans stand and of which block that is', async () => {
  const page = await open('/')
  for (const label of ['treasury', 'whale', 'farmer', 'carry trade', 'grandma'])
    await page.getByRole('link', { name: label }).first().waitFor()
  const { body } = await ask('/v1/status')
  expect(await page.locator('.tile').first().textContent()).toContain('100')
  expect(await page.locator('.fresh').textContent()).toContain(`block ${body.block.number}`)
  expect(await page.locator('.fresh').getAttribute('data-state')).toBe('live')
  const shown = await page.locator('.loan-row').count()
  expect(shown).toBe((await ask('/v1/positions?watched=true')).body.positions.length)
})

test('an address leads to its loans, exactly as the API has them', async () => {
  const page = await open('/accounts')
  await page.getByLabel(FIELD).fill('0x12')
  await page.getByRole('button', { name: 'Show its loans' }).click()
  await page.getByText('Write 0x and 40 hex digits, or a name such as vitalik.eth.').waitFor()
  await page.getByLabel(FIELD).fill(accountOf(0))
  await page.getByRole('button', { name: 'Show its loans' }).click()
  await page.getByRole('heading', { name: 'treasury' }).waitFor()
  expect(page.url()).toBe(`${world.url}/accounts/${accountOf(0)}`)
  await page.locator('.loan-health data').first().waitFor()
  expect(await exactOf(page, '.loan-health')).toBe(await healthOf(0))
  const [loan] = (await ask(`/v1/accounts/${accountOf(0)}`)).body.chains[0].positions
  const [repair] = loan.repairs[0].repay
  expect(await page.locator('.repairs').textContent()).toContain(`Repay `)
  expect(await page.locator('.repairs').textContent()).toContain(repair.symbol)
  await page.getByText(/may fall [\d.]+%/).waitFor()
})

test('what if: the health that is shown is the one that the chain then has', async () => {
  const page = await open(`/accounts/${accountOf(2)}`)
  await page.getByRole('button', { name: 'What if…' }).click()
  const result = '.what-if-result strong'
  await page.locator(`${result} data`).waitFor()
  const before = await healthOf(2)
  expect(await exactOf(page, result)).toBe(before)
  const [loan] = (await ask(`/v1/accounts/${accountOf(2)}`)).body.chains[0].positions
  const [{ symbol, decimals }] = loan.debt
  // Of its debts the larger one is in sight, the others are folded.
  await page.getByText('More ways').click()
  await page.getByLabel(`Repay ${symbol}`).fill('500')
  await page.getByRole('slider', { name: 'WETH', exact: true }).fill('-10')
  await page.getByText('−10%').first().waitFor()
  const foreseen = await exactOf(page, result)
  expect(foreseen).not.toBe(before)
  // In a block of the same time, so that no interest comes in between.
  const price = ((await world.devnet.price('WETH')) * 9n) / 10n
  const account = world.accounts[2] as `0x${string}`
  await world.devnet.act(
    [
      { kind: 'repay', account, asset: symbol, amount: 500n * 10n ** BigInt(decimals) },
      { kind: 'setPrice', asset: 'WETH', price },
    ],
    { seconds: 0 },
  )
  await world.follow()
  expect(await healthOf(2)).toBe(foreseen)
})

test('a crash is seen as it happens: health falls and candidates appear without a reload', async () => {
  const page = await open('/candidates')
  await page.getByText('No candidate').waitFor()
  await world.setPrice('WETH', 2_300)
  await page.locator('.candidate').first().waitFor()
  const { body } = await ask('/v1/candidates?limit=200')
  await until(
    'all are there',
    async () => (await page.locator('.candidate').count()) === body.candidates.length,
  )
  expect(await exactOf(page, '.candidate .right')).toBe(decimal(body.candidates[0].position.healthFactor))
  await page
    .getByRole('button', { name: /ways?$/ })
    .first()
    .click()
  await page.getByText(body.candidates[0].options[0].call.to).waitFor()
  await page
    .getByText(/calldata, \d+ bytes/)
    .first()
    .click()
  await page.getByText(body.candidates[0].options[0].call.data).waitFor()
})

test('the ladder and a stress tell what the API does', async () => {
  const page = await open('/candidates')
  const { feeds } = (await ask('/v1/triggers')).body
  const nearest = feeds
    .filter(({ fallPpm }: { fallPpm: number | null }) => fallPpm !== null)
    .toSorted((a: { fallPpm: number }, b: { fallPpm: number }) => b.fallPpm - a.fallPpm)[0]
  const { triggers } = (await ask(`/v1/triggers?feed=${nearest.id}&down=25%25&limit=25`)).body
  await page.getByRole('button', { name: '−25%' }).click()
  const rows = page.locator('.card').last().locator('tbody tr')
  await until('the ladder has come', async () => (await rows.count()) === triggers.length)
  await page.goto(`${world.url}/analyst/stress`)
  await page.getByLabel('Changes of prices').fill('WETH=-40')
  await page.getByRole('button', { name: 'Work it out' }).click()
  await page.getByRole('heading', { name: 'Newly liquidatable' }).waitFor()
  expect(page.url()).toContain('/analyst/stress?shocks=')
  const stress = await createClient(world.url, READS)('/v1/stress', {
    method: 'POST',
    body: { scenario: { shocks: { WETH: '-40%' } } },
  })
  const tile = page.locator('.tile').filter({ hasText: 'Liquidatable after' })
  expect(await tile.locator('dd').textContent()).toContain(String(stress.body.steps[0].after.count))
})

test('labels and symbols of strangers are text', async () => {
  const hostile = '<img src=x onerror="document.title=1"><script>1</script>'
  const page = await open('/')
  await page.route('**/v1/**', async (route) => {
    const response = await route.fetch()
    const text = await response.text()
    await route.fulfill({
      response,
      body: text
        .replaceAll('"WETH"', JSON.stringify(hostile))
        .replaceAll('"treasury"', JSON.stringify(hostile)),
    })
  })
  for (const path of ['/', `/accounts/${accountOf(0)}`, '/candidates', '/alerts', '/markets', '/analyst']) {
    await page.goto(`${world.url}${path}`)
    await page.locator('.card').first().waitFor()
  }
  await page.goto(`${world.url}/accounts/${accountOf(0)}`)
  await page.getByRole('heading', { name: hostile }).waitFor()
  await page.locator('.loan-tables').getByText('<img src=x').first().waitFor()
  expect(await page.locator('img, main script').count()).toBe(0)
  expect(await page.title()).toBe('Borrowers · Plimsoll')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('without a token the page asks for one; one that reads shows, one that writes also watches', async () => {
  const page = await open('/', { token: '' })
  await page.getByRole('heading', { name: 'A token is needed' }).waitFor()
  await page.getByRole('main').getByRole('button', { name: 'Enter a token' }).click()
  await page.getByRole('textbox', { name: 'Token' }).fill(READS)
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByRole('heading', { name: 'Watched loans' }).waitFor()
  await page.getByRole('link', { name: 'treasury' }).first().waitFor()
  await page.goto(`${world.url}/accounts/${accountOf(20)}`)
  await page.getByRole('button', { name: 'Watch this' }).click()
  await page.getByLabel('What to call it').fill('newcomer')
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('alert').getByText('A token is needed').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).first().click()
  await page.evaluate(`sessionStorage.setItem('plimsoll-token', '${WRITES}')`)
  await page.reload()
  await page.getByRole('button', { name: 'Watch this' }).click()
  await page.getByLabel('What to call it').fill('newcomer')
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('heading', { name: 'newcomer' }).waitFor()
  await page.getByRole('button', { name: 'Watch no longer' }).click()
  await page.getByRole('button', { name: 'Watch this' }).waitFor()
})

test('alerts say why; one is silenced and told so', async () => {
  const page = await open('/alerts')
  await page.locator('.alert').first().waitFor()
  const silence = page.locator('.alert').getByRole('button', { name: 'Silence' }).first()
  await silence.click()
  await page.locator('dialog[open]').getByLabel('Why').fill('known')
  await page.locator('dialog[open]').getByRole('button', { name: 'Silence' }).click()
  await page.getByRole('button', { name: 'End', exact: true }).waitFor()
  expect((await ask('/v1/silences?holds=true')).body.silences).toMatchObject([{ comment: 'known' }])
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByText('Nothing is silenced').waitFor()
})

test.each(['light', 'dark'] as const)('axe finds nothing serious in any view, %s', async (scheme) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const page = await open('/', { scheme })
  for (const path of [
    '/',
    '/accounts',
    `/accounts/${accountOf(1)}`,
    '/candidates?maxHealth=1.1',
    '/markets',
    '/alerts',
  ]) {
    await page.goto(`${world.url}${path}`)
    await page.locator('.card').first().waitFor()
    await until('it has come', async () => (await page.locator('.ghost').count()) === 0)
    // Evaluated by the browser's own tools: the policy of the page allows it no script.
    const found = await page.evaluate(
      `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then((result) => result.violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))`,
    )
    expect([path, found]).toEqual([path, []])
  }
})

test('ten thousand candidates: only those in sight are in the document', async () => {
  const page = await open('/markets')
  const { body } = await ask('/v1/candidates?limit=1')
  const [one] = body.candidates
  const candidates = Array.from({ length: 10_000 }, (_, index) => ({
    ...one,
    position: {
      ...one.position,
      id: `${one.position.id}${index}`,
      owner: `0x${String(index).padStart(40, '0')}`,
    },
  }))
  await page.route('**/v1/candidates?*', (route) =>
    route.fulfill({ json: { ...body, candidates, next: null } }),
  )
  await page.goto(`${world.url}/candidates`)
  await page.locator('.candidate').first().waitFor()
  expect(await page.locator('.candidate').count()).toBeLessThan(60)
  await page.evaluate('scrollTo(0, document.body.scrollHeight)')
  await page.locator('.candidate').getByText('0x0000…9999').waitFor()
  expect(await page.locator('.candidate').count()).toBeLessThan(60)
})

test('what is not of now says so: a chain that is lost, then a daemon that is', async () => {
  const page = await open('/', { width: 390 })
  await page.getByRole('link', { name: 'treasury' }).first().waitFor()
  await world.devnet.stop()
  await page.getByText('is out of date').waitFor({ timeout: 60_000 })
  expect(await page.locator('.fresh').getAttribute('data-state')).toBe('stale')
  await world.killDaemon()
  await page.getByText('Plimsoll does not answer.').waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'treasury' }).first().waitFor()
})
