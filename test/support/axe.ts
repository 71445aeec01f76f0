// What axe finds wrong with a page for those who do not see or point as others do.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Faults against WCAG 2.1 A and AA of a page as it is shown, light and dark; empty for none. */
export const accessFaults = async (page: Page): Promise<readonly unknown[]> => {
  const found: unknown[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await page.evaluate<readonly object[]>(
      `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] }).then((result) => result.violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))`,
    )
    found.push(...violations.map((one) => ({ colorScheme, ...one })))
  }
  return found
}
