// Numbers at a glance, each of which leads to what it counts.
import type { ComponentChildren } from 'preact'
import type { DistributionOfAll } from '../../client/client.ts'
import type { Alerts } from '../data/types.ts'
import { countText } from '../format/numbers.ts'
import { loansIn } from './bands.tsx'
import { UsdSum } from './exact.tsx'

type TileProps = {
  readonly to: string
  readonly name: string
  readonly note: ComponentChildren
  readonly tone?: 'under' | 'near' | undefined
  readonly children: ComponentChildren
}

/** A number that leads to what it counts. */
const Tile = ({ to, name, note, tone, children }: TileProps) => (
  <div class="tile" data-tone={tone}>
    <dt>
      <a class="tile-link" href={to}>
        {name}
      </a>
    </dt>
    <dd>
      {children}
      <small>{note}</small>
    </dd>
  </div>
)

/** All loans in five numbers. */
export const Tiles = ({
  all: { bands: told, positionCount, unassessableCount: unknown },
  alerts,
}: {
  readonly all: DistributionOfAll
  readonly alerts: Alerts | undefined
}) => {
  const bands = loansIn(told)
  const under = bands.filter(({ to }) => to <= 1)
  const near = bands.filter(({ from, to }) => from >= 1 && to <= 1.1)
  const sum = (rows: typeof bands, field: 'count' | 'debt'): number =>
    rows.reduce((all, one) => all + one[field], 0)
  const firing = alerts?.alerts ?? []
  const critical = firing.filter(({ severity }) => severity === 'critical').length
  return (
    <dl class="tiles">
      <Tile
        to="/markets"
        name="Loans followed"
        note={
          <>
            <UsdSum usd={sum(bands, 'debt')} /> owed
          </>
        }
      >
        {countText(positionCount)}
      </Tile>
      <Tile
        to="/candidates"
        name="Under the line"
        note={
          <>
            <UsdSum usd={sum(under, 'debt')} /> can be liquidated
          </>
        }
        tone={sum(under, 'count') > 0 ? 'under' : undefined}
      >
        {countText(sum(under, 'count'))}
      </Tile>
      <Tile
        to="/candidates?maxHealth=1.1"
        name="Close, up to 1.10"
        note={
          <>
            <UsdSum usd={sum(near, 'debt')} /> owed
          </>
        }
        tone={sum(near, 'count') > 0 ? 'near' : undefined}
      >
        {countText(sum(near, 'count'))}
      </Tile>
      <Tile
        to="/alerts"
        name="Alerts firing"
        note={critical > 0 ? `${countText(critical)} critical` : 'none critical'}
        tone={critical > 0 ? 'under' : undefined}
      >
        {alerts ? `${countText(firing.length)}${alerts.next === null ? '' : '+'}` : '–'}
      </Tile>
      <Tile
        to="/accounts"
        name="Not known"
        note={unknown > 0 ? 'cannot be assessed' : 'everything is assessed'}
        tone={unknown > 0 ? 'under' : undefined}
      >
        {countText(unknown)}
      </Tile>
    </dl>
  )
}
