// The page in a real browser: what it loads first, how smoothly a long list scrolls, how soon a slider is answered.
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { setup as buildIfOlder } from '../../test/built.ts'
import { createClient } from '../../test/support/api.ts'
import { startBrowser } from '../../test/support/browser.ts'
import { startWebWorld, type WebWorld } from '../../test/support/web-world.ts'
import { spread } from './measure.ts'
import type { Report } from './report.ts'

const ROWS = 10_000
const FRAMES = 300
/** A turn of a wheel, a fling, a drag of the scroll bar. */
const PIXELS_PER_FRAME = [50, 200, 400] as const
const SLIDES = 60

const openPage = async (browser: Browser): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, locale: 'en-US' })
  return context.newPage()
}

/** Kilobytes, compressed, of everything but answers of the API. */
const firstLoadKb = async (browser: Browser, { url }: WebWorld): Promise<number> => {
  const page = await openPage(browser)
  const sizes = new Map<string, number>()
  page.on('response', (response) => {
    void response.body().then(
      (body) => sizes.set(response.url(), gzipSync(body).length),
      () => undefined,
    )
  })
  await page.goto(url)
  await page.locator('.u-wrap').first().waitFor()
  await page.context().close()
  const parts = [...sizes].filter(([address]) => !address.includes('/v1/'))
  return parts.reduce((sum, [, size]) => sum + size, 0) / 1_000
}

/** Milliseconds between frames while a list of candidates scrolls. */
const frameMs = async (browser: Browser, { url }: WebWorld, pixels: number): Promise<readonly number[]> => {
  const { body } = await createClient(url, null)('/v1/candidates?limit=1&maxHealth=100')
  const [one] = body.candidates
  const candidates = Array.from({ length: ROWS }, (_, index) => ({
    ...one,
    position: {
      ...one.position,
      id: `${one.position.id}${index}`,
      owner: `0x${String(index).padStart(40, '0')}`,
    },
  }))
  const page = await openPage(browser)
  await page.route('**/v1/candidates?*', (route) =>
    route.fulfill({ json: { ...body, candidates, next: null } }),
  )
  await page.goto(`${url}/candidates`)
  await page.locator('.candidate').first().waitFor()
  const times = await page.evaluate<number[]>(`new Promise((done) => {
    const times = []
    let last = performance.now()
    const frame = () => {
      const now = performance.now()
      times.push(now - last)
      last = now
      scrollBy(0, ${pixels})
      if (times.length > ${FRAMES}) done(times.slice(1))
      else requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })`)
  await page.context().close()
  return times
}

/** Milliseconds from a move of a what-if slider to the frame that shows the new health. */
const sliderMs = async (browser: Browser, { url, accounts }: WebWorld): Promise<readonly number[]> => {
  const page = await openPage(browser)
  await page.goto(`${url}/accounts/${accounts[2]}`)
  await page.getByRole('button', { name: 'What if…' }).click()
  await page.locator('.what-if-result strong data').waitFor()
  const times = await page.evaluate<number[]>(`(async () => {
    const slider = document.querySelector('.slider input')
    const shown = () => document.querySelector('.what-if-result strong data').value
    const times = []
    for (let step = 1; step <= ${SLIDES}; step++) {
      const before = shown()
      const start = performance.now()
      slider.value = String(-step / 2)
      slider.dispatchEvent(new Event('input', { bubbles: true }))
      while (shown() === before) await new Promise((done) => requestAnimationFrame(done))
      times.push(performance.now() - start)
    }
    return times
  })()`)
  await page.context().close()
  return times
}

/** In a browser without a screen and without a graphics processor. */
export const benchPage = async (): Promise<Report> => {
  buildIfOlder()
  const [world, browser] = await Promise.all([startWebWorld(), startBrowser()])
  try {
    const kb = await firstLoadKb(browser, world)
    const frames: [string, number, number][] = []
    for (const pixels of PIXELS_PER_FRAME) {
      const { median, p95 } = spread(await frameMs(browser, world, pixels))
      frames.push([
        `a frame while ${ROWS.toLocaleString('en')} rows scroll, ${pixels} pixels each, ms`,
        median,
        p95,
      ])
    }
    const slides = spread(await sliderMs(browser, world))
    return {
      name: 'page',
      title: 'The page in headless Chromium on a processor alone',
      columns: ['', 'p50', 'p95'],
      rows: [
        ['first load, kB compressed', kb, kb],
        ...frames,
        ['what-if slider until it is shown, ms', slides.median, slides.p95],
      ],
    }
  } finally {
    await browser.close()
    await world.stop()
  }
}
