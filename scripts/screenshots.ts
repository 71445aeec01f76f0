// Pictures of every view with real data: npm run screenshots [-- FOLDER [VIEW…]]. CHROMIUM names another browser than the packaged one.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { setup as buildIfOlder } from '../test/built.ts'
import { startBrowser } from '../test/support/browser.ts'
import { until } from '../test/support/until.ts'
import { startWebWorld } from '../test/support/web-world.ts'

const [folder = 'screenshots', ...wanted] = process.argv.slice(2)
const SIZES = { desktop: { width: 1_440, height: 900 }, phone: { width: 390, height: 844 } } as const
const SCHEMES = ['light', 'dark'] as const

type View = { readonly name: string; readonly path: string; prepare?(page: Page): Promise<void> }

/** Everything has come, and nothing moves. */
const settle = async (page: Page): Promise<void> => {
  await page.locator('.card, .tiles').first().waitFor()
  await until('everything has come', async () => (await page.locator('.ghost').count()) === 0)
  await page.waitForTimeout(300)
}

const takeAll = async (browser: Browser, url: string, views: readonly View[]): Promise<void> => {
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of SCHEMES) {
      const page = await browser.newPage({
        ...{ viewport, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' },
        deviceScaleFactor: size === 'phone' ? 2 : 1,
        // A picture has no place for the scroll bar.
        bypassCSP: true,
      })
      for (const { name, path, prepare } of views) {
        await page.goto(`${url}${path}`)
        await settle(page)
        await prepare?.(page)
        await settle(page)
        const file = join(resolve(folder), `${name}-${size}-${colorScheme}.png`)
        // As high as the page, so that what sticks to an edge of the window is at that edge of the picture.
        const height = await page.evaluate<number>('document.documentElement.scrollHeight')
        await page.setViewportSize({ ...viewport, height: Math.max(height, viewport.height) })
        await settle(page)
        await page.addStyleTag({ content: 'html { scrollbar-gutter: auto }' })
        await page.screenshot({ path: file })
        await page.setViewportSize(viewport)
        process.stdout.write(`${file}\n`)
      }
      await page.close()
    }
}

mkdirSync(folder, { recursive: true })
buildIfOlder()
const [world, browser] = await Promise.all([startWebWorld({ isStormy: true }), startBrowser()])
try {
  const views: readonly View[] = [
    { name: 'overview', path: '/' },
    { name: 'accounts', path: '/accounts' },
    { name: 'borrower', path: `/accounts/${world.accounts[2]}` },
    {
      name: 'what-if',
      path: `/accounts/${world.accounts[3]}`,
      prepare: async (page) => {
        await page.getByRole('button', { name: 'What if…' }).click()
        await page.getByRole('slider').first().fill('-30')
      },
    },
    {
      name: 'candidates',
      path: '/candidates?maxHealth=1.05',
      prepare: (page) =>
        page
          .getByRole('button', { name: /ways?$/ })
          .nth(1)
          .click(),
    },
    { name: 'markets', path: '/markets' },
    {
      name: 'market',
      path: `/markets/${world.devnet.chainId}:aave-v3:main:pool`,
      prepare: (page) => page.locator('summary').filter({ hasText: 'WETH' }).first().click(),
    },
    { name: 'alerts', path: '/alerts?state=all' },
    { name: 'analyst', path: `/analyst?span=24h&who=${world.accounts.slice(0, 3).join(',')}` },
    { name: 'stress', path: '/analyst/stress?shocks=WETH%3D-25%25&depths=WETH%3D40000' },
    { name: 'liquidations', path: '/analyst/liquidations' },
  ]
  await takeAll(
    browser,
    world.url,
    views.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
  )
} finally {
  await browser.close()
  await world.stop()
}
