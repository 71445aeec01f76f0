// What if the whole market falls: a scenario over every followed loan, and what selling what is seized does to prices.
import { useMemo, useState } from 'preact/hooks'
import type { Stress, StressBody } from '../../../client/client.ts'
import { useAnswer } from '../../data/use-answer.ts'
import { useFilters } from '../../data/use-filters.ts'
import { Answered } from '../../parts/answered.tsx'
import { CascadeResult } from '../../parts/cascade-result.tsx'
import { FallCurves } from '../../parts/fall-curves.tsx'
import { Empty, Note } from '../../parts/notes.tsx'
import { StressResult } from '../../parts/stress-result.tsx'

const DAYS: readonly { readonly day: NonNullable<StressBody['day']>; readonly name: string }[] = [
  { day: '2020-03-12', name: '12 March 2020' },
  { day: '2021-05-19', name: '19 May 2021' },
  { day: '2022-06-13', name: '13 June 2022' },
  { day: '2022-11-08', name: '8 November 2022' },
  { day: '2024-08-05', name: '5 August 2024' },
  { day: '2025-02-03', name: '3 February 2025' },
  { day: '2025-10-10', name: '10 October 2025' },
]

/** `WETH=-30%, LINK=-50%` as changes by subject; undefined where it is none. */
const shocksOf = (text: string): Readonly<Record<string, string>> | undefined => {
  const parts = text.split(/[,;\n]+/).filter((one) => one.trim() !== '')
  const pairs = parts.map((one) => /^\s*([^=]+?)\s*=\s*([+-−]?\s*[\d.]+)\s*%?\s*$/.exec(one))
  if (pairs.length === 0 || pairs.some((one) => one === null)) return undefined
  return Object.fromEntries(
    pairs.map((one) => [one?.[1] ?? '', `${(one?.[2] ?? '').replace('−', '-').replaceAll(' ', '')}%`]),
  )
}

/** `WETH=5000000, LINK=2e6` as US dollars by asset; undefined where it is none. */
const depthsOf = (text: string): Readonly<Record<string, number>> | undefined => {
  const parts = text.split(/[,;\n]+/).filter((one) => one.trim() !== '')
  const pairs = parts.map((one) => /^\s*([^=]+?)\s*=\s*\$?([\d_]+(?:\.\d+)?(?:e\d{1,2})?)\s*$/i.exec(one))
  if (pairs.length === 0 || pairs.some((one) => one === null)) return undefined
  const depths = pairs.map((one): [string, number] => [
    one?.[1] ?? '',
    Number((one?.[2] ?? '').replaceAll('_', '')),
  ])
  return depths.every(([, dollars]) => dollars > 0) ? Object.fromEntries(depths) : undefined
}

const TOP = 20

const bodyOf = (values: Readonly<Record<string, string>>): StressBody | undefined => {
  const depths = depthsOf(values['depths'] ?? '')
  const more = { top: TOP, ...(depths ? { depths } : {}) }
  const day = DAYS.find((one) => one.day === values['day'])
  if (day) return { day: day.day, ...more }
  const shocks = shocksOf(values['shocks'] ?? '')
  return shocks ? { scenario: { shocks }, ...more } : undefined
}

type DepthsProps = { readonly text: string; readonly isWrong: boolean; set(text: string): void }

const DepthsField = ({ text, isWrong, set }: DepthsProps) => (
  <label class="depths small soft">
    And what is seized is sold: US dollars of each asset that move its price by 2 % (left out: at no loss)
    <input
      class="field mono"
      value={text}
      placeholder="WETH=5000000, WBTC=3000000"
      aria-invalid={isWrong ? true : undefined}
      aria-describedby="depths-fault"
      onInput={({ currentTarget }) => set(currentTarget.value)}
    />
  </label>
)

const Choice = () => {
  const { values, put } = useFilters()
  const [text, setText] = useState(values['shocks'] ?? 'WETH=-30%')
  const [depths, setDepths] = useState(values['depths'] ?? '')
  const isWrong = shocksOf(text) === undefined
  const areDepthsWrong = depths.trim() !== '' && depthsOf(depths) === undefined
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!isWrong && !areDepthsWrong) put({ shocks: text, day: '', depths: depths.trim() })
  }
  return (
    <section class="card">
      <header>
        <div>
          <h2>What happens?</h2>
          <p class="soft small">
            Each loan is assessed anew, exactly; assets that belong together move together.
          </p>
        </div>
      </header>
      <form class="search" onSubmit={submit}>
        <label class="visually-hidden" for="shocks">
          Changes of prices
        </label>
        <input
          class="field mono"
          id="shocks"
          value={text}
          aria-invalid={isWrong ? true : undefined}
          aria-describedby="shocks-fault"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button class="button" data-kind="main" type="submit">
          Work it out
        </button>
        <p class="search-fault" id="shocks-fault">
          {isWrong ? 'Write changes by asset, such as WETH=-30%, LINK=-50%.' : ''}
        </p>
        <DepthsField text={depths} isWrong={areDepthsWrong} set={setDepths} />
        <p class="search-fault" id="depths-fault">
          {areDepthsWrong ? 'Write US dollars by asset, such as WETH=5000000.' : ''}
        </p>
      </form>
      <div class="days">
        <span class="soft small">or a day that was:</span>
        {DAYS.map(({ day, name }) => (
          <button
            key={day}
            class="button"
            type="button"
            aria-pressed={values['day'] === day}
            onClick={() => {
              if (!areDepthsWrong) put({ day, shocks: '', depths: depths.trim() })
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </section>
  )
}

const Worked = ({ body }: { readonly body: StressBody }) => {
  const answer = useAnswer<Stress>(['stress', body], (client, options) => client.stress(body, options), {
    everyMs: Number.POSITIVE_INFINITY,
  })
  return (
    <div class="stack" data-old={answer.isOld ? true : undefined}>
      <Answered answer={answer} height={320}>
        {(stress) => (
          <>
            {stress.leftOut.length > 0 ? (
              <Note tone="warn">
                Left out, since nothing is known of them yet: {stress.leftOut.join(', ')}.
              </Note>
            ) : null}
            {stress.unmoved.length > 0 ? (
              <p class="soft small">
                As they are: {stress.unmoved.map(({ symbol }) => symbol).join(', ')}. Change them too, as in
                WETH=-30%, LINK=-50%.
              </p>
            ) : null}
            <StressResult stress={stress} />
            {stress.cascade ? <CascadeResult cascade={stress.cascade} /> : null}
          </>
        )}
      </Answered>
    </div>
  )
}

/** Debt that can be liquidated at every depth: the same answer as the overview's. */
const Depths = () => {
  const answer = useAnswer(
    ['stress', 'curve'],
    (client, options) => client.stress({ curve: true }, options),
    { everyMs: 300_000 },
  )
  return (
    <section class="card">
      <header>
        <h2>At every depth of a fall</h2>
        <span class="soft small">debt that can be liquidated, each asset alone and all together</span>
      </header>
      <Answered answer={answer} height={260}>
        {({ curves }) => <FallCurves curves={curves} />}
      </Answered>
    </section>
  )
}

/** A scenario of the address, or the choice of one. */
export const StressPart = () => {
  const { values } = useFilters()
  const { shocks, day, depths } = values
  const body = useMemo(() => bodyOf(values), [shocks, day, depths])
  return (
    <>
      <Choice />
      {body ? (
        <Worked body={body} />
      ) : (
        <section class="card">
          <Empty title="Nothing has happened yet">Write a change of prices, or choose a day that was.</Empty>
        </section>
      )}
      <Depths />
    </>
  )
}
