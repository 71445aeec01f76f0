// Histories, cascades and liquidations in a real browser, beside a real daemon whose loans lived through a crash.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { merged, pointAt } from '../../src/web/data/explore.ts'
import { accountDataAt } from '../support/account-data.ts'
import { createClient } from '../support/api.ts'
import { startBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { READS, startWebWorld, type WebWorld, WRITES } from '../support/web-world.ts'

let world: WebWorld
let browser: Browser
let context: BrowserContext | undefined
let faults: string[] = []

beforeAll(async () => {
  ;[world, browser] = await Promise.all([startWebWorld({ hasTokens: true, isStormy: true }), startBrowser()])
  await world.devnet.act({
    ...{ kind: 'configureCollateral', asset: 'LINK' },
    ...{ ltv: 5_000, liquidationThreshold: 6_500, liquidationBonus: 10_850 },
  })
  await world.follow()
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
const open = async (path: string, scheme: 'light' | 'dark' = 'light'): Promise<Page> => {
  context = await browser.newContext({
    ...{ viewport: { width: 1_440, height: 900 }, colorScheme: scheme, locale: 'en-US' },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  await context.addInitScript(`sessionStorage.setItem('plimsoll-token', '${WRITES}')`)
  const page = await context.newPage()
  faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text())
  })
  await page.goto(`${world.url}${path}`)
  return page
}

const ask = (path: string, init?: { method: string; body: unknown }) =>
  createClient(world.url, READS)(path, init)
const idOf = (index: number): string => `31337:aave-v3:main:pool:${world.accounts[index]}`
/** `1.2` for 1200000000000000000. */
const decimal = (wad: string): string => {
  const digits = wad.padStart(19, '0')
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, '')
}

test('histories of several loans: exact at the end and at a moment, with what happened, by an address', async () => {
  const page = await open(`/analyst?span=24h&who=${idOf(0)},${world.accounts[1]}`)
  const rows = page.locator('.readout tbody tr')
  await until('both are there', async () => (await rows.count()) === 2)
  const slider = page.getByRole('slider', { name: 'Moment' })
  const span = `since=${await slider.getAttribute('min')}&until=${await slider.getAttribute('max')}&limit=500`
  const histories = await Promise.all(
    [0, 1].map(async (index) => {
      const [noted, recomputed] = await Promise.all(
        ['', '&resolution=900s'].map((more) => ask(`/v1/positions/${idOf(index)}/history?${span}${more}`)),
      )
      return merged(noted?.body.points, recomputed?.body.points)
    }),
  )
  const shownAreExact = async (): Promise<void> => {
    const at = Number(await slider.inputValue())
    for (const [index, points] of histories.entries())
      await expect
        .poll(() => rows.nth(index).locator('code').textContent())
        .toBe(decimal(pointAt(points, at)?.healthFactor ?? ''))
  }
  await shownAreExact()
  await slider.fill(String(histories[0]?.at(-4)?.block.timestamp))
  await shownAreExact()
  await page.locator('.mark-key').getByText('an alert began').waitFor()
  await page.locator('.mark-key').getByText('it was liquidated').waitFor()
  await page.locator('.mark-key').getByText('a parameter changed').waitFor()
  await page.getByText('In this range').click()
  await page
    .getByText(/Liquidation threshold of LINK: .* → 65%/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Debt', exact: true }).click()
  expect(page.url()).toContain('measure=debt')
  const over = page.locator('.brush .u-over')
  const box = await over.boundingBox()
  if (!box) throw new Error('there is no brush')
  await page.mouse.move(box.x + box.width * 0.2, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 4 })
  await page.mouse.up()
  await until('the range is in the address', async () => /since=\d+&until=\d+/.test(page.url()))
  await page
    .getByRole('button', { name: /^Remove / })
    .first()
    .click()
  await until('one is left', async () => (await rows.count()) === 1)
})

test('a table is saved as a file with what it is narrowed by', async () => {
  const page = await open(`/analyst/liquidations?owner=${world.accounts[0]}`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^plimsoll-liquidations-\w+\.csv$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n')
  const { liquidations } = (await ask(`/v1/liquidations?owner=${world.accounts[0]}`)).body
  expect(lines.length).toBe(liquidations.length + 1)
})

test('liquidations stand beside what was foretold of them', async () => {
  const page = await open('/analyst/liquidations')
  const { liquidations } = (await ask('/v1/liquidations?include=foretold')).body
  const rows = page.locator('tbody tr')
  await until('they are there', async () => (await rows.count()) === liquidations.length)
  const [{ foretold, seized, collateral }] = liquidations
  expect(collateral).toEqual({ symbol: 'WETH', decimals: 18 })
  const row = rows.first()
  expect(await row.locator(`data[value="${decimal(seized)} WETH"]`).count()).toBeGreaterThan(0)
  expect(await row.locator(`data[value="${decimal(foretold.before.healthFactor)}"]`).count()).toBeGreaterThan(
    0,
  )
  await page.getByLabel('Borrower').fill(world.accounts[1] ?? '')
  await page.getByLabel('Borrower').press('Enter')
  await page.getByText('None fits').waitFor()
})

test('a cascade is told as the API tells it, by an address', async () => {
  const page = await open('/analyst/stress?shocks=WETH%3D-30%25&depths=WETH%3D300000')
  const { cascade } = (
    await ask('/v1/stress', {
      ...{ method: 'POST' },
      body: { scenario: { shocks: { WETH: '-30%' } }, depths: { WETH: 300_000 }, top: 20 },
    })
  ).body
  const told = page.getByRole('region', { name: 'Cascade' })
  await told.waitFor()
  const tile = told.locator('.tile').filter({ hasText: 'Liquidations' })
  expect(await tile.locator('dd').textContent()).toContain(String(cascade.withFeedback.liquidations))
  expect(await told.getByRole('img').count()).toBe(2)
  expect(await told.locator('.plain-table tbody tr').count()).toBe(cascade.sensitivity.length)
})

test('what if: what is shown is the contract’s own word after the same action', async () => {
  const account = world.accounts[3]
  if (!account) throw new Error('there is no such account')
  const page = await open(`/accounts/${account}`)
  await page.getByRole('button', { name: 'What if…' }).click()
  const result = page.locator('.what-if-result strong data')
  await result.waitFor()
  await page.getByLabel('Repay USDC').fill('250')
  await page.getByRole('slider', { name: 'WETH', exact: true }).fill('-5')
  const price = ((await world.devnet.price('WETH')) * 95n) / 100n
  const foreseen = await result.getAttribute('value')
  await world.devnet.act(
    [
      { kind: 'repay', account, asset: 'USDC', amount: 250_000_000n },
      { kind: 'setPrice', asset: 'WETH', price },
    ],
    { seconds: 0 },
  )
  const head = await world.devnet.head()
  const told = (await accountDataAt(world.devnet, head.hash, [account])).get(account)
  expect(foreseen).toBe(decimal(String(told?.healthFactor)))
  await world.follow()
})

test.each(['light', 'dark'] as const)('axe finds nothing serious in any part, %s', async (scheme) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const page = await open('/analyst', scheme)
  for (const path of [
    `/analyst?span=all&who=${idOf(0)},${idOf(1)}`,
    '/analyst/stress?shocks=WETH%3D-30%25&depths=WETH%3D300000',
    '/analyst/liquidations',
  ]) {
    await page.goto(`${world.url}${path}`)
    await page.locator('.card').first().waitFor()
    await until('it has come', async () => (await page.locator('.ghost').count()) === 0)
    const found = await page.evaluate(
      `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then((result) => result.violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))`,
    )
    expect([path, found]).toEqual([path, []])
  }
})
