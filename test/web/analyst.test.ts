// Histories, cascades and liquidations in a real browser, beside a real daemon whose loans lived through a crash.
import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { merged, pointAt } from '../../src/web/data/explore.ts'
import { usdShort } from '../../src/web/format/numbers.ts'
import { accountDataAt } from '../support/account-data.ts'
import { accessFaults } from '../support/axe.ts'
import { cli } from '../support/cli.ts'
import { until } from '../support/until.ts'
import { decimal, webWindows } from '../support/web-windows.ts'

const windows = webWindows({ isStormy: true })
const { open, ask } = windows

beforeAll(async () => {
  const { devnet, follow } = windows.world
  await devnet.act({
    ...{ kind: 'configureCollateral', asset: 'LINK' },
    ...{ ltv: 5_000, liquidationThreshold: 6_500, liquidationBonus: 10_850 },
  })
  await follow()
})

const idOf = (index: number): string => `31337:aave-v3:main:pool:${windows.world.accounts[index]}`

test('histories of several loans: exact at the end and at a moment, with what happened, by an address', async () => {
  const page = await open(`/analyst?span=24h&who=${idOf(0)},${windows.world.accounts[1]}`)
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
    const at = Date.parse((await page.locator('.readout time').getAttribute('datetime')) ?? '') / 1_000
    for (const [index, points] of histories.entries())
      await expect
        .poll(() => rows.nth(index).locator('code').textContent())
        .toBe(decimal(pointAt(points, at)?.healthFactor ?? ''))
  }
  await shownAreExact()
  // The slider goes in steps from the beginning of the range.
  const [min, step] = [Number(await slider.getAttribute('min')), Number(await slider.getAttribute('step'))]
  const past = histories[0]?.at(-4)?.block.timestamp ?? 0
  await slider.fill(String(min + Math.ceil((past - min) / step) * step))
  await shownAreExact()
  await page.locator('.mark-key').getByText('an alert began').waitFor()
  await page.locator('.mark-key').getByText('it was liquidated').waitFor()
  await page.locator('.mark-key').getByText('a parameter changed').waitFor()
  await page.locator('summary').getByText('In this range').click()
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
  await until('the brush marks it', async () => {
    const marked = await page.locator('.brush .u-select').boundingBox()
    return marked !== null && Math.abs(marked.width / box.width - 0.4) < 0.05
  })
  await page
    .getByRole('button', { name: /^Remove / })
    .first()
    .click()
  await until('one is left', async () => (await rows.count()) === 1)
})

test('a table is saved as a file with what it is narrowed by', async () => {
  const page = await open(`/analyst/liquidations?owner=${windows.world.accounts[0]}`)
  // What comes late moves what stands below it: a press would begin on the button and end beside it.
  await page.locator('tbody tr').first().waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^plimsoll-liquidations-\w+\.csv$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n')
  const { liquidations } = (await ask(`/v1/liquidations?owner=${windows.world.accounts[0]}`)).body
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
  await page.getByLabel('Borrower').fill(windows.world.accounts[1] ?? '')
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
  const bad = Number(cascade.withFeedback.badDebtUsd) + Number(cascade.withFeedback.outstanding.badDebtUsd)
  expect(bad).toBeGreaterThan(1_000)
  expect(await told.locator('.tile').filter({ hasText: 'Bad debt' }).locator('dd').textContent()).toContain(
    usdShort(bad),
  )
  expect(await told.getByRole('img').count()).toBe(2)
  expect(await told.locator('.plain-table tbody tr').count()).toBe(cascade.sensitivity.length)
})

test('what if: what is shown is the word of the contract, and of check, after the same action', async () => {
  const account = windows.world.accounts[3]
  if (!account) throw new Error('there is no such account')
  const page = await open(`/accounts/${account}`)
  await page.getByRole('button', { name: 'What if…' }).click()
  const result = page.locator('.what-if-result strong data')
  await result.waitFor()
  await page.getByLabel('Repay USDC').fill('250')
  await page.getByRole('slider', { name: 'WETH', exact: true }).fill('-5')
  const price = ((await windows.world.devnet.price('WETH')) * 95n) / 100n
  const foreseen = await result.getAttribute('value')
  await windows.world.devnet.act(
    [
      { kind: 'repay', account, asset: 'USDC', amount: 250_000_000n },
      { kind: 'setPrice', asset: 'WETH', price },
    ],
    { seconds: 0 },
  )
  const head = await windows.world.devnet.head()
  const told = (await accountDataAt(windows.world.devnet, head.hash, [account])).get(account)
  expect(foreseen).toBe(decimal(String(told?.healthFactor)))
  const { stdout } = await cli(['check', account, '--config', windows.world.configFile, '--json'])
  const [checked] = JSON.parse(stdout).chains[0].positions
  expect(foreseen).toBe(decimal(checked.healthFactor))
  await windows.world.follow()
})

test('axe finds nothing in any part, light and dark', async () => {
  const page = await open('/analyst')
  for (const path of [
    `/analyst?span=all&who=${idOf(0)},${idOf(1)}`,
    '/analyst/stress?shocks=WETH%3D-30%25&depths=WETH%3D300000',
    '/analyst/liquidations',
  ]) {
    await page.goto(`${windows.world.url}${path}`)
    await page.locator('.card').first().waitFor()
    await until('it has come', async () => (await page.locator('.ghost').count()) === 0)
    expect([path, await accessFaults(page)]).toEqual([path, []])
  }
})
