// A market in full, the state of receivers and names of accounts, in a real browser beside a real daemon.
import type { Page } from 'playwright-core'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { deployEns } from '../devnet/ens.ts'
import { accessFaults } from '../support/axe.ts'
import { until } from '../support/until.ts'
import { changed, webWindows } from '../support/web-windows.ts'
import { READS } from '../support/web-world.ts'

const MARKET = '31337:aave-v3:main:pool'

const windows = webWindows()
const { open, ask } = windows

const card = (page: Page, name: string) =>
  page.locator('section.card').filter({ has: page.getByRole('heading', { name, exact: true }) })

test('from the list to a market: totals, prices with their age, loans and parameters, as the API has them', async () => {
  const page = await open('/markets')
  const { market } = (await ask(`/v1/markets/${MARKET}`)).body
  await page.getByRole('link', { name: market.label }).click()
  await page.getByRole('heading', { name: market.label, level: 1 }).waitFor()
  expect(page.url()).toBe(`${windows.world.url}/markets/${MARKET}`)
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
  await windows.world.devnet.act({
    ...{ kind: 'configureCollateral', asset: 'WETH' },
    ...{ ltv: 7_500, liquidationThreshold: 8_000, liquidationBonus: 10_500 },
  })
  await windows.world.follow()
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
  await page.goto(`${windows.world.url}/markets/${MARKET}`)
  await page.getByText('<img src=x').first().waitFor()
  expect(await page.locator('img').count()).toBe(0)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('receivers: one is tried, what was given up is sent again, and who may only read is asked for a token', async () => {
  windows.world.hook.answer(400)
  await windows.world.setPrice('WETH', 2_300)
  const page = await open('/alerts')
  const receivers = card(page, 'Receivers')
  await until('it is given up', async () => (await ask('/v1/receivers')).body.receivers[0].deadCount > 0)
  await page.reload()
  await receivers.getByText('gave some up').waitFor()
  await receivers.getByText('What was given up').click()
  await receivers.getByText('the receiver answered 400').first().waitFor()
  windows.world.hook.answer(200)
  await receivers.getByRole('button', { name: 'Test hook' }).click()
  await receivers.getByText('It arrived').waitFor()
  expect(windows.world.hook.received.at(-1)?.body).toMatchObject({ kind: 'test' })
  await receivers.getByRole('button', { name: 'Resend all to hook' }).click()
  await receivers.getByText(/\d+ waits? again/).waitFor()
  await until('they arrive', async () => (await ask('/v1/receivers')).body.receivers[0].deliveredCount > 0)
  windows.world.hook.answer(500)
  await receivers.getByRole('button', { name: 'Test hook' }).click()
  await receivers.getByText('the receiver answered 500').waitFor()
  windows.world.hook.answer(200)
  const reader = await open('/alerts', { token: READS })
  await reader.getByRole('button', { name: 'Test hook' }).click()
  await reader.getByRole('alert').getByText('A token is needed').waitFor()
})

test('what is not looked at yet is never told as none', async () => {
  const page = await open('/alerts')
  const unread = [{ chainId: 31_337, reason: 'nothing is read yet' }]
  await page.route('**/v1/distribution*', (route) =>
    changed(route, (body) => Object.assign(body, { unread, block: null, blocks: [], positionCount: 0 })),
  )
  for (const path of ['positions', 'candidates', 'markets'])
    await page.route(`**/v1/${path}?*`, (route) =>
      changed(route, (body) => Object.assign(body, { unread, [path]: [] })),
    )
  await page.goto(windows.world.url)
  await until('four say so', async () => (await page.getByText('Not known yet').count()) === 4)
  expect(await page.locator('.source .facts > div').filter({ hasText: 'Not known' }).textContent()).toMatch(
    /–/,
  )
  for (const path of ['/accounts', '/markets']) {
    await page.goto(`${windows.world.url}${path}`)
    await page.getByText('nothing is read yet').waitFor()
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('axe finds nothing in either, light and dark', async () => {
  const page = await open('/')
  for (const path of [`/markets/${MARKET}`, '/alerts']) {
    await page.goto(`${windows.world.url}${path}`)
    await page.locator('.card').first().waitFor()
    await until('it has come', async () => (await page.locator('.ghost').count()) === 0)
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
    expect([path, await accessFaults(page)]).toEqual([path, []])
  }
})

test('a name leads to the account that it stands for, and is shown beside it as long as it does', async () => {
  const { url, accounts, devnet, follow } = windows.world
  const [, whale, , , grandma] = accounts
  const ens = await deployEns(devnet)
  await ens.set({ 'grandma.eth': { address: grandma as Address }, 'bare.eth': { resolver: null } })
  await follow()
  const page = await open('/accounts')
  const field = page.getByLabel('Address or ENS name of an account')
  await field.waitFor()
  expect(await field.getAttribute('placeholder')).toBe('0x… or name.eth')
  await field.fill('Grandma.ETH')
  await page.getByRole('button', { name: 'Show its loans' }).click()
  await page.getByRole('heading', { name: 'grandma' }).waitFor()
  await page.waitForURL(`${url}/accounts/${grandma}?name=grandma.eth`)
  await page.locator('.ens-name').getByText('grandma.eth', { exact: true }).waitFor()
  await page.goto(`${url}/accounts/grandma.eth`)
  await page.waitForURL(`${url}/accounts/${grandma}?name=grandma.eth`)
  await page.goto(`${url}/accounts/bare.eth`)
  await page.getByText(/^bare\.eth is registered and has no resolver/).waitFor()
  await page.goto(`${url}/accounts/${whale}?name=grandma.eth`)
  await page.getByText('grandma.eth is not the name of this account').waitFor()
  expect(await page.locator('.ens-name').count()).toBe(0)
  expect(await accessFaults(page)).toEqual([])
  // As where no chain has names.
  await page.route('**/v1/status', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace(/"ensRegistry":"0x\w+"/, '"ensRegistry":null')
    await route.fulfill({ response, body })
  })
  await page.goto(`${url}/accounts`)
  await page.getByPlaceholder('0x… paste an address').fill('grandma.eth')
  await page.getByRole('button', { name: 'Show its loans' }).click()
  await page.getByText('No followed chain has ENS names.').waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})
