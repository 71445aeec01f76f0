// A market in full and the state of receivers, in a real browser beside a real daemon.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createClient } from '../support/api.ts'
import { startBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { READS, startWebWorld, type WebWorld, WRITES } from '../support/web-world.ts'

const MARKET = '31337:aave-v3:main:pool'

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

/** A new window; what goes wrong in it is a fault of the test. */
const open = async (path: string, token = WRITES, scheme: 'light' | 'dark' = 'light'): Promise<Page> => {
  context = await browser.newContext({
    ...{ viewport: { width: 1_440, height: 900 }, colorScheme: scheme, locale: 'en-US' },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  await context.addInitScript(`sessionStorage.setItem('plimsoll-token', '${token}')`)
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
const card = (page: Page, name: string) =>
  page.locator('section.card').filter({ has: page.getByRole('heading', { name, exact: true }) })

test('from the list to a market: totals, prices with their age, loans and parameters, as the API has them', async () => {
  const page = await open('/markets')
  const { market } = (await ask(`/v1/markets/${MARKET}`)).body
  await page.getByRole('link', { name: market.label }).click()
  await page.getByRole('heading', { name: market.label, level: 1 }).waitFor()
  expect(page.url()).toBe(`${world.url}/markets/${MARKET}`)
  const totals = card(page, 'Lent and owed').locator('tbody tr')
  expect(await totals.count()).toBe(market.totals.length)
  const shown = await totals.first().locator('data').first().getAttribute('value')
  const [{ supplied, decimals }] = market.totals
  expect(Number(shown)).toBeCloseTo(Number(supplied) / 10 ** decimals, 2)
  const prices = card(page, 'Prices').locator('tbody tr')
  expect(await prices.count()).toBe(market.oracles.length)
  const weth = prices.filter({ hasText: 'WETH' }).first()
  expect(await weth.textContent()).toMatch(/USD.*feed.*(s|min|h|days)/)
  await page.getByText('Is the book complete?').waitFor()
  const settings = card(page, 'Parameters')
  await settings.locator('summary').filter({ hasText: 'WETH' }).first().click()
  const row = settings.locator('dl > div').filter({ hasText: 'Liquidation threshold' }).first()
  await row.getByText('83%').waitFor()
  expect(await row.locator('data').getAttribute('title')).toBe('8300 basis points')
  await card(page, 'What has changed').getByText('Nothing has changed').waitFor()
})

test('a change of parameters is seen as it happens, with what it did', async () => {
  const page = await open(`/markets/${MARKET}`)
  await card(page, 'What has changed').getByText('Nothing has changed').waitFor()
  await world.devnet.act({
    ...{ kind: 'configureCollateral', asset: 'WETH' },
    ...{ ltv: 7_500, liquidationThreshold: 8_000, liquidationBonus: 10_500 },
  })
  await world.follow()
  const row = card(page, 'What has changed').locator('tbody tr').filter({ hasText: 'Liquidation threshold' })
  await row.first().waitFor()
  expect(await row.first().textContent()).toMatch(/WETH.*83%.*80%.*loans? moved/)
})

test('a market that there is not is said, and a symbol of a stranger is text', async () => {
  const page = await open('/markets/31337:aave-v3:main:other')
  await page.getByText('there is no market 31337:aave-v3:main:other').waitFor()
  const hostile = '<img src=x onerror="document.title=1">'
  await page.route('**/v1/markets/**', async (route) => {
    const response = await route.fetch()
    const text = (await response.text()).replaceAll('"WETH"', JSON.stringify(hostile))
    await route.fulfill({ response, body: text })
  })
  await page.goto(`${world.url}/markets/${MARKET}`)
  await page.getByText('<img src=x').first().waitFor()
  expect(await page.locator('img').count()).toBe(0)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('receivers: one is tried, what was given up is sent again, and who may only read is asked for a token', async () => {
  world.hook.answer(400)
  await world.setPrice('WETH', 2_300)
  const page = await open('/alerts')
  const receivers = card(page, 'Receivers')
  await until('it is given up', async () => (await ask('/v1/receivers')).body.receivers[0].deadCount > 0)
  await page.reload()
  await receivers.getByText('gave some up').waitFor()
  await receivers.getByText('What was given up').click()
  await receivers.getByText('the receiver answered 400').first().waitFor()
  world.hook.answer(200)
  await receivers.getByRole('button', { name: 'Test hook' }).click()
  await receivers.getByText('It arrived').waitFor()
  expect(world.hook.received.at(-1)?.body).toMatchObject({ kind: 'test' })
  await receivers.getByRole('button', { name: 'Resend all to hook' }).click()
  await receivers.getByText(/\d+ waits? again/).waitFor()
  await until('they arrive', async () => (await ask('/v1/receivers')).body.receivers[0].deliveredCount > 0)
  world.hook.answer(500)
  await receivers.getByRole('button', { name: 'Test hook' }).click()
  await receivers.getByText('the receiver answered 500').waitFor()
  world.hook.answer(200)
  await context?.close()
  const reader = await open('/alerts', READS)
  await reader.getByRole('button', { name: 'Test hook' }).click()
  await reader.getByRole('alert').getByText('A token is needed').waitFor()
})

test.each(['light', 'dark'] as const)('axe finds nothing in either, %s', async (scheme) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const page = await open('/', WRITES, scheme)
  for (const path of [`/markets/${MARKET}`, '/alerts']) {
    await page.goto(`${world.url}${path}`)
    await page.locator('.card').first().waitFor()
    await until('it has come', async () => (await page.locator('.ghost').count()) === 0)
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
    const found = await page.evaluate(
      `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then((result) => result.violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))`,
    )
    expect([path, found]).toEqual([path, []])
  }
})
