// What a borrower sees, with the loans as they are opened.
import { expect, test } from 'vitest'
import { changed, decimal, exactOf, type WebWindows } from '../support/web-windows.ts'

/** Where one says whose loans to show. */
const FIELD = 'Address or ENS name of an account'

/** Registers its tests on a world that more is tested on. */
export const borrowerTests = (web: WebWindows): void => {
  const { open, ask } = web
  const accountOf = (index: number): string => web.world.accounts[index] ?? ''
  const healthOf = async (index: number): Promise<string> =>
    decimal((await ask(`/v1/accounts/${accountOf(index)}`)).body.chains[0].positions[0].healthFactor)

  test('with the keyboard alone: all that is reached is seen, a dialog is left, an account is found', async () => {
    const page = await open('/accounts')
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
      )
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    for (let count = 0; (await focused()) !== 'Change the token'; count++) {
      expect(count).toBeLessThan(20)
      await page.keyboard.press('Tab')
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Token' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Token' }).waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'Skip to the content' }).press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type(accountOf(0))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'treasury' }).waitFor()
  })

  test('an account without loans is told apart from one that was not looked for on the chain', async () => {
    const page = await open(`/accounts/0x${'12'.repeat(20)}`)
    await page.getByText('It owes nothing on any followed chain').waitFor()
    await page.getByRole('button', { name: 'Read the chain itself' }).click()
    await page.getByText('Neither debt nor collateral was found').waitFor()
  })

  test('a loan of many assets is folded; what a protocol does not tell is said to be unknown', async () => {
    const page = await open('/accounts')
    await page.route('**/v1/accounts/*', (route) =>
      changed(route, (body) => {
        const [loan] = body.chains[0].positions
        const [leg] = loan.collateral
        body.chains[0].positions = [
          {
            ...loan,
            ...{
              fidelity: 'observed',
              secondsToLiquidation: null,
              borrowCostPerYear: null,
              debtInFront: null,
            },
            next: { healthFactor: '1010000000000000000', isLiquidatable: false, at: 1_800_000_000 },
            collateral: Array.from({ length: 12 }, (_, index) => ({
              ...leg,
              ...{
                asset: `0x${String(index).padStart(40, '0')}`,
                symbol: `T${index}`,
                priceKey: `t${index}`,
              },
            })),
          },
          {
            ...{ kind: 'unassessable', id: `${loan.id}1`, owner: loan.owner, chainId: loan.chainId },
            ...{ protocol: 'liquity-v1', deployment: 'main', market: 'eth', block: loan.block },
            ...{ reason: 'price-failed', detail: 'the feed of ETH is frozen' },
          },
        ]
      }),
    )
    await page.goto(`${web.world.url}/accounts/${accountOf(1)}`)
    const [unknown, many] = [page.locator('.loan').nth(0), page.locator('.loan').nth(1)]
    await unknown.getByText('an oracle has no price that its contract takes').waitFor()
    await unknown.getByText('the feed of ETH is frozen').waitFor()
    for (const [name, value] of [
      ['At frozen prices', 'not known'],
      ['Interest a year', 'not known'],
      ['Redeemed before it', 'not known'],
      ['With the next price', '1.010'],
    ] as const)
      expect(
        await many.locator('.facts > div').filter({ hasText: name }).locator('dd').textContent(),
      ).toMatch(new RegExp(`^${value}`))
    const rows = many.locator('.loan-tables section').first().locator('tr')
    expect(await rows.count()).toBe(5)
    await many.getByRole('button', { name: '7 more' }).click()
    expect(await rows.count()).toBe(12)
    expect(await page.locator('.tile').nth(1).textContent()).toContain('1 without a known value')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  test('an address leads to its loans, exactly as the API has them', async () => {
    const page = await open('/accounts')
    await page.getByLabel(FIELD).fill('0x12')
    await page.getByRole('button', { name: 'Show its loans' }).click()
    await page.getByText('Write 0x and 40 hex digits, or a name such as vitalik.eth.').waitFor()
    await page.getByLabel(FIELD).fill(accountOf(0))
    await page.getByRole('button', { name: 'Show its loans' }).click()
    await page.getByRole('heading', { name: 'treasury' }).waitFor()
    expect(page.url()).toBe(`${web.world.url}/accounts/${accountOf(0)}`)
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
    await page.getByText('More ways').click()
    await page.getByLabel(`Repay ${symbol}`).fill('500')
    await page.getByRole('slider', { name: 'WETH', exact: true }).fill('-10')
    await page.getByText('−10%').first().waitFor()
    const foreseen = await exactOf(page, result)
    expect(foreseen).not.toBe(before)
    // In a block of the same time, so that no interest comes in between.
    const price = ((await web.world.devnet.price('WETH')) * 9n) / 10n
    const account = web.world.accounts[2] as `0x${string}`
    await web.world.devnet.act(
      [
        { kind: 'repay', account, asset: symbol, amount: 500n * 10n ** BigInt(decimals) },
        { kind: 'setPrice', asset: 'WETH', price },
      ],
      { seconds: 0 },
    )
    await web.world.follow()
    expect(await healthOf(2)).toBe(foreseen)
  })
}
