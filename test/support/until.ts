const PATIENCE_MS = 60_000
const STEP_MS = 50

/** Waits until something holds; says what did not, when patience ends. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, STEP_MS))
  }
}
