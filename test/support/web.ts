// The page of a world in a real browser; what goes wrong in it is a fault of the test.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createClient } from './api.ts'
import { startBrowser } from './browser.ts'
import { READS, startWebWorld, type WebWorld, type WebWorldOptions, WRITES } from './web-world.ts'

type Opened = {
  readonly token?: string
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  /** What the browser says of its language; one that no browser takes as an option too. */
  readonly language?: string
}

export type Web = {
  readonly world: WebWorld
  /** A new window at a path; the one before is closed with its test. */
  open(path: string, opened?: Opened): Promise<Page>
  /** What the API answers to whoever reads. */
  ask(path: string): ReturnType<ReturnType<typeof createClient>>
  accountOf(index: number): string
}

/** What a number in a place exactly is. */
export const exactOf = async (page: Page, place: string): Promise<string> =>
  (await page.locator(`${place} data`).first().getAttribute('value')) ?? ''

/** `1.2` for 1200000000000000000. */
export const decimal = (wad: string): string => {
  const digits = wad.padStart(19, '0')
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, '')
}

const newContext = async (
  browser: Browser,
  { token = WRITES, scheme = 'light', width = 1_440, language }: Opened,
): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(20_000)
  if (token !== '') await context.addInitScript(`sessionStorage.setItem('plimsoll-token', '${token}')`)
  if (language !== undefined)
    await context.addInitScript(
      `Object.defineProperty(Navigator.prototype, 'language', { get: () => '${language}', configurable: true })`,
    )
  return context
}

/** Starts a world and a browser for the tests of a file, and ends them. */
export const useWeb = (options: WebWorldOptions): Web => {
  let [world, browser, context]: [WebWorld?, Browser?, BrowserContext?] = []
  let faults: string[] = []
  const known = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error('the world has not started yet')
    return one
  }
  beforeAll(async () => {
    ;[world, browser] = await Promise.all([startWebWorld(options), startBrowser()])
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
  return {
    get world() {
      return known(world)
    },
    open: async (path, opened = {}) => {
      context = await newContext(known(browser), opened)
      const page = await context.newPage()
      faults = []
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        // That an answer is a problem, the browser says by itself.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          faults.push(message.text())
      })
      await page.goto(`${known(world).url}${path}`)
      return page
    },
    ask: (path) => createClient(known(world).url, READS)(path),
    accountOf: (index) => known(world).accounts[index] ?? '',
  }
}
