// The past, what could be, and what came of it: one part at a time, each with an address of its own.
import { useRoute } from 'preact-iso'
import { Empty } from '../parts/notes.tsx'
import { HistoryPart } from './analyst/history.tsx'
import { LiquidationsPart } from './analyst/liquidations.tsx'
import { StressPart } from './analyst/stress.tsx'

const PARTS = [
  { name: '', text: 'History', Part: HistoryPart },
  { name: 'stress', text: 'Stress and cascade', Part: StressPart },
  { name: 'liquidations', text: 'Liquidations', Part: LiquidationsPart },
] as const

/** `/analyst` and what is below it. */
export const Analyst = () => {
  const { params } = useRoute()
  const here = PARTS.find(({ name }) => name === (params['part'] ?? ''))
  return (
    <div class="stack">
      <div class="head">
        <div>
          <h1>Analyst</h1>
          <p>How loans came to where they are, what a crash would do, and whether it was foretold.</p>
        </div>
        <nav class="segments" aria-label="Parts">
          {PARTS.map(({ name, text }) => (
            <a
              key={name}
              href={name === '' ? '/analyst' : `/analyst/${name}`}
              aria-current={name === here?.name ? 'page' : undefined}
            >
              {text}
            </a>
          ))}
        </nav>
      </div>
      {here ? (
        <here.Part />
      ) : (
        <Empty title="There is nothing here">
          <a href="/analyst">Back to the history</a>
        </Empty>
      )}
    </div>
  )
}
