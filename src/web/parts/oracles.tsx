// Where the prices of a market come from, and how old they are.
import type { Oracle, OracleFeed } from '../../client/client.ts'
import { shortAddress } from '../format/loans.ts'
import { spanText } from '../format/times.ts'
import { Copy } from './copy.tsx'
import { Empty, Note } from './notes.tsx'
import { Price } from './price.tsx'
import { Moment } from './time.tsx'

const KINDS: Readonly<Record<Oracle['kind'], { readonly name: string; readonly words: string }>> = {
  feed: { name: 'feed', words: 'a price feed is asked directly' },
  composed: { name: 'composed', words: 'made of other feeds, which are listed' },
  rate: { name: 'rate', words: 'what a share is worth, by the contract that issues it' },
  named: { name: 'by name', words: 'one oracle answers for many assets; what it asks is not followed' },
  unread: { name: 'not read yet', words: 'what it rests on is still to be looked at' },
}

const Age = ({ seconds, isStale }: { readonly seconds: number | null; readonly isStale: boolean }) =>
  seconds === null ? (
    <span class="soft" title="nothing behind this price tells when it was updated">
      –
    </span>
  ) : (
    <span class={isStale ? 'bad' : ''} title={`${seconds} s before the block`}>
      {spanText(seconds)}
      {isStale ? ', stale' : ''}
    </span>
  )

const isStale = ({ isStale: told, ageSeconds, heartbeatSeconds }: OracleFeed): boolean =>
  told || (ageSeconds !== null && heartbeatSeconds !== null && ageSeconds > heartbeatSeconds)

const Behind = ({ feed }: { readonly feed: OracleFeed }) => (
  <li class="small">
    <span class="account">
      <span title={feed.feed}>
        {feed.isInverse ? '1 ÷ ' : ''}
        {feed.description ?? shortAddress(feed.feed)}
      </span>
      <Copy text={feed.feed} what="the address of the feed" />
    </span>
    <span class="soft">
      {feed.updatedAt === null ? (
        'tells no time'
      ) : (
        <>
          <Age seconds={feed.ageSeconds} isStale={isStale(feed)} /> old, of <Moment at={feed.updatedAt} />
        </>
      )}
      {feed.heartbeatSeconds === null ? '' : ` · speaks every ${spanText(feed.heartbeatSeconds)}`}
    </span>
  </li>
)

const Row = ({ oracle }: { readonly oracle: Oracle }) => {
  const { assets, quote, kind, source, price, scale, error, ageSeconds, feeds } = oracle
  return (
    <tr>
      <td title={assets.map(({ asset }) => asset).join(', ')}>
        {assets.map(({ symbol }) => symbol).join(', ')}
      </td>
      <td class="right">
        {price === null || scale === null ? (
          <span class="bad" title={error ?? undefined}>
            {error === null ? 'not read' : 'fails'}
          </span>
        ) : (
          <>
            <Price price={price} scale={scale} /> <span class="soft">{quote.symbol}</span>
          </>
        )}
      </td>
      <td title={KINDS[kind].words}>
        {KINDS[kind].name}{' '}
        {source === null ? null : (
          <span class="account soft small">
            <span class="address" title={source}>
              {shortAddress(source)}
            </span>
            <Copy text={source} what="the address of the oracle" />
          </span>
        )}
      </td>
      <td class="right">
        <Age seconds={ageSeconds} isStale={feeds.some(isStale)} />
      </td>
      <td>
        {feeds.length === 0 ? (
          <span class="soft">–</span>
        ) : (
          <ul class="feeds">
            {feeds.map((feed) => (
              <Behind key={feed.feed} feed={feed} />
            ))}
          </ul>
        )}
      </td>
    </tr>
  )
}

type Props = { readonly oracles: readonly Oracle[]; readonly failure: string | null }

/** Every price, and the feeds behind it. */
export const Oracles = ({ oracles, failure }: Props) =>
  oracles.length === 0 ? (
    <Empty title="No price is read here" />
  ) : (
    <>
      {failure === null ? null : <Note tone="warn">How old they are could not be found out: {failure}</Note>}
      <div class="scroll-x">
        <table class="plain-table oracles">
          <thead>
            <tr>
              <th>Of</th>
              <th class="right">Price</th>
              <th>Kind</th>
              <th class="right">Age</th>
              <th>Rests on</th>
            </tr>
          </thead>
          <tbody>
            {oracles.map((oracle) => (
              <Row key={oracle.key} oracle={oracle} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
