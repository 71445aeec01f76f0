import type { Position } from '../data/types.ts'
import { FLOAT_WORDS, floatOf } from '../format/loans.ts'

/** How a loan floats, in a word. */
export const FloatPill = ({ loan }: { readonly loan: Position }) => (
  <span class="pill" data-tone={floatOf(loan)}>
    {FLOAT_WORDS[floatOf(loan)]}
  </span>
)
