// By which maths a market is read, and why it cannot be.
import type { Market } from '../data/types.ts'
import { Note } from './notes.tsx'

type Props = { readonly market: Market }

/** Its revision, and whether all of it is computed. */
export const MarketPill = ({ market: { revision, revisionRaw, fidelity } }: Props) => (
  <span
    class="pill"
    data-tone={fidelity === 'exact' ? 'safe' : 'near'}
    title={`the contract says ${revisionRaw}`}
  >
    revision {revision} · {fidelity}
  </span>
)

/** Nothing where nothing is wrong. */
export const MarketFault = ({ market: { fault } }: Props) =>
  fault ? (
    <Note tone="bad">
      <strong>{fault.reason}</strong> {fault.detail}
    </Note>
  ) : null
