import type { Alert } from '../data/types.ts'
import { Moment } from './time.tsx'

/** Where an alert's loan is shown; undefined where it is of none. */
const placeOf = ({ labels }: Alert): string | undefined =>
  /^0x[0-9a-fA-F]{40}$/.test(labels['account'] ?? '') ? `/accounts/${labels['account']}` : undefined

/** An alert in a few lines. Its texts come from configuration and chains. */
export const AlertRow = ({ alert }: { readonly alert: Alert }) => {
  const { severity, rule, annotations, startsAt, activeAt } = alert
  const place = placeOf(alert)
  return (
    <li>
      <div class="grow">
        <span class="pill" data-tone={severity}>
          {severity}
        </span>{' '}
        <strong class="small">{rule}</strong>
        <p class="clamped" title={annotations['summary']}>
          {annotations['summary'] ?? rule}
        </p>
        <p class="soft small">
          since <Moment at={startsAt ?? activeAt} />
          {place ? (
            <>
              {' · '}
              <a href={place}>show the loan</a>
            </>
          ) : null}
        </p>
      </div>
    </li>
  )
}
