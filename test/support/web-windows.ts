// Windows of a real browser on the page of a real daemon, for the tests of one file.
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createClient } from './api.ts'
import { startBrowser } from './browser.ts'
import { READS, startWebWorld, type WebWorld, type WebWorldOptions, WRITES } from './web-world.ts'

type Opened = {
  /** None where it is empty. */
  readonly token?: string
  readonly width?: number
  /** Of the browser, as `navigator.language` tells it. */
  readonly locale?: string
  /** What the browser says of its language, where that is none which it takes as its locale. */
  readonly language?: string
}

/** What is started before the tests of a file and ended after them. */
export type WebWindows = {
  readonly world: WebWorld
  /** A window; what goes wrong in it is a fault of the test, after which it is closed. */
  open(path: string, opened?: Opened): Promise<Page>
  /** Asks the API as somebody who may read. */
  ask(path: string, init?: { readonly method: string; readonly body: unknown }): ReturnType<Ask>
}

type Ask = ReturnType<typeof createClient>

/** Registers with vitest: to be called once, outside of the tests of a file. */
export const webWindows = (options: WebWorldOptions = {}): WebWindows => {
  let world: WebWorld | undefined
  let browser: Browser | undefined
  const contexts: BrowserContext[] = []
  const faults: string[] = []
  beforeAll(async () => {
    ;[world, browser] = await Promise.all([startWebWorld({ hasTokens: true, ...options }), startBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((one) => one.close()))
    expect(faults.splice(0)).toEqual([])
  })
  const started = (): { readonly world: WebWorld; readonly browser: Browser } => {
    if (!world || !browser) throw new Error('tests run after all is started')
    return { world, browser }
  }
  return {
    get world() {
      return started().world
    },
    open: async (path, { token = WRITES, width = 1_440, locale = 'en-US', language } = {}) => {
      const context = await started().browser.newContext({
        ...{ viewport: { width, height: 900 }, locale, reducedMotion: 'reduce' },
      })
      contexts.push(context)
      context.setDefaultTimeout(20_000)
      if (token !== '') await context.addInitScript(`sessionStorage.setItem('plimsoll-token', '${token}')`)
      if (language !== undefined)
        await context.addInitScript(
          `Object.defineProperty(Navigator.prototype, 'language', { get: () => '${language}', configurable: true })`,
        )
      const page = await context.newPage()
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        // That an answer is a problem, the browser says by itself.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          faults.push(message.text())
      })
      await page.goto(`${started().world.url}${path}`)
      return page
    },
    ask: (path, init) => createClient(started().world.url, READS)(path, init),
  }
}

/** What the daemon answers to a request of the page, as it passes `change`; never that what the page has is still so. */
export const changed = async (
  route: Route,
  change: (body: Awaited<ReturnType<Ask>>['body']) => void,
): Promise<void> => {
  const { 'if-none-match': _known, ...headers } = route.request().headers()
  const response = await route.fetch({ headers })
  const text = await response.text()
  if (text === '') return route.fulfill({ response })
  const body = JSON.parse(text)
  change(body)
  await route.fulfill({ response, json: body })
}

/** What a number in a place exactly is. */
export const exactOf = async (page: Page, place: string): Promise<string> =>
  (await page.locator(`${place} data`).first().getAttribute('value')) ?? ''

/** `1.2` for 1200000000000000000: a wad as the page has it exactly. */
export const decimal = (wad: string): string => {
  const digits = wad.padStart(19, '0')
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, '')
}
