// The page in a real browser, beside a real daemon that follows a real chain.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createClient } from '../support/api.ts'
import { accessFaults } from '../support/axe.ts'
import { until } from '../support/until.ts'
import { changed, decimal, exactOf, webWindows } from '../support/web-windows.ts'
import { READS, WRITES } from '../support/web-world.ts'
import { borrowerTests } from './borrower-views.ts'

const FIRST_LOAD_BYTES_MAX = 250_000

const web = webWindows({ hasSpare: true })
const { open, ask } = web
const accountOf = (index: number): string => web.world.accounts[index] ?? ''

/** A loan that nobody watches, well above its line, and below it once WETH has lost a fifth. */
const nearLoan = async (): Promise<{ readonly owner: string }> => {
  const { body } = await ask('/v1/positions?minHealth=1.16&maxHealth=1.24&limit=100')
  const found = body.positions.find(
    ({ owner, collateral }: { owner: string; collateral: readonly { symbol: string }[] }) =>
      !web.world.accounts.slice(0, 5).includes(owner as `0x${string}`) &&
      collateral.every(({ symbol }) => symbol === 'WETH'),
  )
  expect(found).toBeDefined()
  return found
}

test('the page is sent with a strict policy, its parts for ever, and nothing inline', async () => {
  const page = await fetch(web.world.url)
  const text = await page.text()
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=|https?:/)
  const etag = page.headers.get('etag') ?? ''
  expect((await fetch(web.world.url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  const [, asset = ''] = /src="([^"]+\.js)"/.exec(text) ?? []
  const script = await fetch(`${web.world.url}${asset}`, { headers: { 'accept-encoding': 'gzip' } })
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
    expect(await (await fetch(`${web.world.url}${view}`)).text()).toBe(text)
  expect((await fetch(`${web.world.url}/anything`)).status).toBe(404)
  const lost = await fetch(`${web.world.url}/anything`, { headers: { accept: 'text/html' } })
  expect([lost.status, await lost.text()]).toEqual([404, text])
  const program = await fetch(`${web.world.url}/v1/anything`, { headers: { accept: 'text/html' } })
  expect(program.headers.get('content-type')).toContain('problem+json')
  expect((await fetch(`${web.world.url}/assets/anything.js`)).status).toBe(404)
})

test('what cannot be shown says why: a wrong address, code that does not come, an answer that makes no sense', async () => {
  const page = await open('/nowhere')
  await page.getByText('There is nothing here').waitFor()
  await page.goto(`${web.world.url}/accounts/0x1234`)
  const note = page.getByRole('alert')
  await note.getByText('This cannot be asked so').waitFor()
  expect(await note.textContent()).toBe(
    'This cannot be asked soaddress is no address, or its checksum is wrong: write 0x and 40 hex digits',
  )
  await page.route('**/assets/alerts-*.js', (route) => route.abort())
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await page.getByText('This view could not be loaded').waitFor()
  await page.route('**/v1/markets?*', (route) => route.fulfill({ json: { markets: 1 } }))
  await page.getByRole('link', { name: 'Markets', exact: true }).click()
  await page.getByText('This view could not be drawn').waitFor()
  await page.unroute('**/v1/markets?*')
  await page.getByRole('link', { name: 'Candidates', exact: true }).click()
  await page.getByRole('heading', { name: 'Candidates', exact: true }).waitFor()
})

test('the first load is small, and from nowhere else', async () => {
  const sizes = new Map<string, number>()
  const asked: string[] = []
  const page = await open('/about:blank')
  page.on('request', (request) => {
    if (request.method() === 'GET' && !request.url().endsWith('/v1/status')) asked.push(request.url())
  })
  page.on('response', (response) => {
    void response.body().then(
      (body) => sizes.set(response.url(), gzipSync(body).length),
      () => undefined,
    )
  })
  await page.goto(web.world.url)
  await page.getByRole('heading', { name: 'Watched loans' }).waitFor()
  await page.locator('.u-wrap').first().waitFor()
  expect([...sizes.keys()].filter((url) => !url.startsWith(web.world.url))).toEqual([])
  const parts = [...sizes].filter(([url]) => !url.includes('/v1/'))
  expect(parts.length).toBeGreaterThan(3)
  expect(parts.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(FIRST_LOAD_BYTES_MAX)
  expect(asked.filter((url, at) => asked.indexOf(url) !== at)).toEqual([])
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
  const source = page.locator('.source')
  expect(await source.textContent()).toMatch(/local chainup to date.*complete100% of its markets’ debt/)
  expect(await page.locator('.source-foot').textContent()).toContain(`Plimsoll ${body.version}`)
  await page.getByRole('link', { name: 'Close, up to 1.10' }).press('Enter')
  await page.getByRole('heading', { name: 'Candidates', exact: true }).waitFor()
  expect(page.url()).toBe(`${web.world.url}/candidates?maxHealth=1.1`)
})

test('a browser whose language is no proper locale has its numbers and plots', async () => {
  const page = await open('/', { language: 'en-US@posix' })
  await page.locator('.u-wrap').first().waitFor()
  expect(await page.locator('.tile').first().textContent()).toMatch(/\$[\d.]+K owed/)
})

borrowerTests(web)

test('a crash is seen as it happens: health falls and candidates appear without a reload', async () => {
  const page = await open('/candidates')
  await page.getByText('No candidate').waitFor()
  await web.world.setPrice('WETH', 2_300)
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

test('what is under its line is red, in the light and in the dark', async () => {
  const page = await open('/accounts')
  const bar = '.meter[data-float="under"] i'
  await page.locator(bar).first().waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const colour = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('${bar}')).backgroundColor`,
    )
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number)
    expect([colorScheme, colour, red > 2 * green && red > 2 * blue]).toEqual([colorScheme, colour, true])
  }
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
  await page.goto(`${web.world.url}/analyst/stress`)
  await page.getByLabel('Changes of prices').fill('WETH=-40')
  await page.getByRole('button', { name: 'Work it out' }).click()
  await page.getByRole('heading', { name: 'Newly liquidatable' }).waitFor()
  expect(page.url()).toContain('/analyst/stress?shocks=')
  const stress = await createClient(web.world.url, READS)('/v1/stress', {
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
    await page.goto(`${web.world.url}${path}`)
    await page.locator('.card').first().waitFor()
  }
  await page.goto(`${web.world.url}/accounts/${accountOf(0)}`)
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
  const loan = await nearLoan()
  await page.goto(`${web.world.url}/accounts/${loan.owner}`)
  await page.getByRole('button', { name: 'Watch this' }).click()
  await page.getByLabel('What to call it').fill('newcomer')
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('alert').getByText('A token is needed').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).first().click()
  await page.evaluate(`sessionStorage.setItem('plimsoll-token', '${WRITES}')`)
  await page.reload()
  await page.getByRole('button', { name: 'Watch this' }).click()
  await page.getByLabel('What to call it').fill('newcomer')
  await page.getByRole('checkbox', { name: 'spare' }).uncheck()
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('heading', { name: 'newcomer' }).waitFor()
  const watchOf = async () =>
    (await ask('/v1/watches')).body.watches.find(({ account }: { account: string }) => account === loan.owner)
  expect(await watchOf()).toMatchObject({ label: 'newcomer', receivers: ['hook'] })
  const told = () => web.world.hook.received.filter(({ body }) => body.labels?.['account'] === loan.owner)
  expect(told()).toEqual([])
  await web.world.devnet.movePrice('WETH', 0.8)
  await until('it is told', () => told().length > 0)
  expect(new Set(told().map(({ path }) => path))).toEqual(new Set(['/hook']))
  expect(web.world.hook.received.some(({ path }) => path === '/spare')).toBe(true)
  await page.getByText('under the line').first().waitFor()
  await page.getByRole('button', { name: 'Watch no longer' }).click()
  await page.getByRole('button', { name: 'Watch this' }).waitFor()
  expect(await watchOf()).toBeUndefined()
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
  const hash = `0x${'f'.repeat(64)}`
  await page.setViewportSize({ width: 390, height: 844 })
  await page.route('**/v1/{alerts,receivers}*', (route) =>
    changed(route, (body) => {
      for (const alert of body.alerts ?? []) alert.annotations = { summary: hash, repair: hash }
      for (const receiver of body.receivers ?? []) receiver.lastError = hash
    }),
  )
  await page.reload()
  await page.locator('.alert').getByText(hash).first().waitFor()
  await page.locator('.receiver').getByText(hash).first().waitFor()
  const beyond = 'document.documentElement.scrollWidth - document.body.offsetWidth'
  expect(await page.evaluate(beyond)).toBe(0)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('axe finds nothing in any view, light and dark', async () => {
  const page = await open('/')
  for (const path of [
    '/',
    '/accounts',
    `/accounts/${accountOf(1)}`,
    '/candidates?maxHealth=1.1',
    '/markets',
    '/alerts',
  ]) {
    await page.goto(`${web.world.url}${path}`)
    await page.locator('.card').first().waitFor()
    await until('it has come', async () => (await page.locator('.ghost').count()) === 0)
    expect([path, await accessFaults(page)]).toEqual([path, []])
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
  await page.goto(`${web.world.url}/candidates`)
  await page.locator('.candidate').first().waitFor()
  expect(await page.locator('.candidate').count()).toBeLessThan(60)
  await page.evaluate('scrollTo(0, document.body.scrollHeight)')
  await page.locator('.candidate').getByText('0x0000…9999').waitFor()
  expect(await page.locator('.candidate').count()).toBeLessThan(60)
})

test('what is not of now says so: a chain that is lost, then a daemon that is', async () => {
  const page = await open('/', { width: 390 })
  await page.getByRole('link', { name: 'treasury' }).first().waitFor()
  await web.world.devnet.stop()
  await page.getByText('is out of date').waitFor({ timeout: 60_000 })
  expect(await page.locator('.fresh').getAttribute('data-state')).toBe('stale')
  await web.world.killDaemon()
  await page.getByText('Plimsoll does not answer.').waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'treasury' }).first().waitFor()
})
