import type { Engine, Watch } from '../alerts/engine.ts'

/** An engine whose watches may change while it runs: it is made anew with them. Open alerts are handed to it at each step, so that nothing is lost. */
export const createLiveEngine = (
  make: (watches: readonly Watch[]) => Engine,
  watches: readonly Watch[],
): { readonly engine: Engine; renew(watches: readonly Watch[]): void } => {
  let current = make(watches)
  const { quiet, restlessRules } = current
  return {
    engine: { quiet, restlessRules, step: (open, input) => current.step(open, input) },
    renew: (next) => {
      current = make(next)
    },
  }
}
