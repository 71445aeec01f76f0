// The liquidations that were seen, newest first.
import type { Liquidations as Answer } from '../../client/client.ts'
import { usePages } from '../data/use-pages.ts'
import { useLabels } from '../data/watched.ts'
import { marketText, shortAddress } from '../format/loans.ts'
import { countText } from '../format/numbers.ts'
import { Account } from './address.tsx'
import { Answered } from './answered.tsx'
import { Copy } from './copy.tsx'
import { Empty } from './notes.tsx'
import { Moment } from './time.tsx'

const Row = ({
  row,
  label,
}: {
  readonly row: Answer['liquidations'][number]
  readonly label: string | undefined
}) => {
  const { owner, liquidator, position, blockNumber, transactionHash, seenAt } = row
  const [, protocol = '', deployment = '', market = ''] = position.split(':')
  return (
    <tr>
      <td>{seenAt === null ? '–' : <Moment at={seenAt} />}</td>
      <td class="right">{countText(blockNumber)}</td>
      <td>
        <Account address={owner} label={label} />
      </td>
      <td>{marketText({ protocol, deployment, market })}</td>
      <td>
        <span class="account address" title={liquidator}>
          {shortAddress(liquidator)}
          <Copy text={liquidator} what="the address of the liquidator" />
        </span>
      </td>
      <td>
        <span class="account address" title={transactionHash}>
          {shortAddress(transactionHash)}
          <Copy text={transactionHash} what="the hash of the transaction" />
        </span>
      </td>
    </tr>
  )
}

/** All of them, page by page. */
export const Liquidations = () => {
  const labels = useLabels()
  const answer = usePages(['liquidations', 'all'], (client, cursor, options) =>
    client.liquidations({ limit: 50, ...cursor }, options),
  )
  return (
    <section class="card">
      <header>
        <h2>Liquidations</h2>
        <span class="soft small">of followed markets, since they are followed</span>
      </header>
      <Answered answer={answer} height={200}>
        {(pages) =>
          pages.every(({ liquidations }) => liquidations.length === 0) ? (
            <Empty title="None seen yet" />
          ) : (
            <div class="scroll-x">
              <table class="plain-table">
                <thead>
                  <tr>
                    <th>Seen</th>
                    <th class="right">Block</th>
                    <th>Borrower</th>
                    <th>Market</th>
                    <th>Liquidator</th>
                    <th>Transaction</th>
                  </tr>
                </thead>
                <tbody>
                  {pages.flatMap(({ liquidations }) =>
                    liquidations.map((row) => (
                      <Row
                        key={`${row.transactionHash}${row.logIndex}`}
                        row={row}
                        label={labels.get(row.owner)}
                      />
                    )),
                  )}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
      {answer.hasMore ? (
        <p class="actions">
          <button class="button" type="button" onClick={answer.more}>
            Show more
          </button>
        </p>
      ) : null}
    </section>
  )
}
