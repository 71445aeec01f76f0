// What the terminal shows: where the loans stand against the line, and what was delivered.
import colors from 'picocolors'
import { assessStored } from '../../src/app/stored.ts'
import { healthText } from '../../src/cli/print/assessment.ts'
import type { Assessment, Health } from '../../src/model/assessment.ts'
import type { FollowEvent } from '../../src/monitor/follow.ts'
import { openDatabase } from '../../src/store/database.ts'
import { WAD } from '../../src/units/brands.ts'
import type { Receiver } from '../../test/support/webhook.ts'
import type { Loan } from './loans.ts'

export type Screen = {
  onEvent(event: FollowEvent): void
  /** Waits until the watcher has committed a block with every loan in it. */
  reached(blockNumber: number): Promise<void>
  /** Draws where all loans stand. */
  draw(title: string): void
  /** Prints what the webhook receiver got since the last call. */
  alerts(): Promise<void>
  /** What the webhook receiver got in all. */
  tally(): string
  liquidationCount(): number
}

const BANDS: readonly (readonly [label: string, below: bigint, paint: (text: string) => string])[] = [
  ['below the line', 100n, colors.red],
  ['1.00 – 1.05', 105n, colors.red],
  ['1.05 – 1.10', 110n, colors.yellow],
  ['1.10 – 1.25', 125n, colors.yellow],
  ['1.25 – 2.00', 200n, colors.green],
  ['above 2.00', 10n ** 70n, colors.green],
]

const PATIENCE_MS = 20_000
const DELIVERY_MS = 300

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const bandOf = ({ healthFactor }: Health): number =>
  BANDS.findIndex(([, below]) => (healthFactor * 100n) / WAD < below)

/** Every loan in the store, at the block of the store. */
const assessmentsIn = (storeFile: string): readonly Assessment[] => {
  const database = openDatabase(storeFile)
  const assessments = assessStored(database).flatMap((chain) => [...chain.assessments()])
  database.$client.close()
  return assessments
}

/** Listens to the watcher and to the receiver, and draws both. */
export const createScreen = (
  hook: Receiver,
  loans: readonly Loan[],
  show: (text: string) => void,
  storeFile: string,
): Screen => {
  let loanCount = 0
  let block = -1n
  let shownAlerts = 0
  let liquidations = 0
  return {
    onEvent: (event) => {
      if (event.kind !== 'cycle' || event.outcome.kind !== 'committed') return
      if (event.outcome.pendingCount === 0) block = event.outcome.head.number
      loanCount = event.outcome.screenedCount
      liquidations += event.outcome.liquidationCount
    },
    reached: async (number) => {
      const end = Date.now() + PATIENCE_MS
      while (block < BigInt(number) || loanCount < loans.length) {
        if (Date.now() > end) throw new Error(`the watcher did not reach block ${number}`)
        await pause(20)
      }
    },
    draw: (title) => {
      const healths = assessmentsIn(storeFile).filter((one): one is Health => one.kind === 'assessed')
      show(
        `\n${colors.bold(title)} ${colors.dim(`block ${block} · ${healths.length} loans assessed exactly`)}`,
      )
      BANDS.forEach(([label, , paint], index) => {
        const count = healths.filter((health) => bandOf(health) === index).length
        const line = index === 0 ? '▓' : '█'
        show(`  ${label.padEnd(15)} ${paint(line.repeat(Math.ceil(count / 2)))} ${count}`)
      })
      const watched = loans.flatMap(({ account, label }) => {
        const health = healths.find(({ owner }) => owner === account)
        return label && health ? [`${label} ${healthText(health.healthFactor)}`] : []
      })
      show(`  ${colors.dim('watched')}         ${watched.join(colors.dim(' · '))}`)
    },
    alerts: async () => {
      await pause(DELIVERY_MS)
      for (const { body } of hook.received.slice(shownAlerts)) {
        const paint =
          body.status === 'resolved'
            ? colors.green
            : body.rule === 'NearLiquidation'
              ? colors.yellow
              : colors.red
        show(`  ${paint(`▶ ${body.status} ${body.rule}`)} ${body.annotations['summary'] ?? ''}`)
      }
      shownAlerts = hook.received.length
    },
    tally: () => {
      const ids = new Set(hook.received.map(({ body }) => body.id))
      const countOf = (status: string): number =>
        hook.received.filter(({ body }) => body.status === status).length
      return `${hook.received.length} messages delivered, ${hook.received.length - ids.size} of them twice: ${countOf('firing')} firing, ${countOf('resolved')} resolved`
    },
    liquidationCount: () => liquidations,
  }
}
