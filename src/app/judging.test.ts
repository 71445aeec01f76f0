import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assessmentOwner, healthAt } from '../../test/support/assessments.ts'
import { nearRule } from '../../test/support/timeline.ts'
import type { AlertRule } from '../model/alert.ts'
import type { BlockRef } from '../model/block.ts'
import type { Liquidation } from '../model/liquidation.ts'
import { alertsOf } from '../monitor/judge.ts'
import { registry } from '../protocols/registry.ts'

import { listAlerts } from '../store/alerts.ts'
import { commitAlerts } from '../store/commit.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { blocks } from '../store/schema.ts'
import { type Config, publicConfig } from './config/config.ts'
import { judgeOf } from './follow-chain.ts'
import { engineOf } from './watch.ts'

const liquidated: AlertRule = { ...nearRule, when: 'liquidated == true', until: undefined as never }
const config: Config = {
  ...publicConfig(registry),
  rules: [liquidated],
  receivers: [{ name: 'me', console: true }],
  watches: [{ account: assessmentOwner, receivers: ['me'] }],
}

/** A judge of chain 1 as after a start; answers what was told, once it is written down. */
const start = (database: Database) => {
  const ignore = (): void => undefined
  const judge = judgeOf(
    { engine: engineOf(config), database, config, notifying: { add: ignore, kick: ignore } },
    1,
  )
  return (number: number, isLiquidated: boolean, keptUntil?: bigint): readonly unknown[] => {
    const loan = healthAt(105, number)
    const block: BlockRef = loan.block
    const liquidation = {
      position: loan.id,
      owner: loan.owner,
      transactionHash: '0x02',
    } as unknown as Liquidation
    const judgement = judge.judge({
      ...{ block, assessments: [loan], closed: [], selfChecks: [] },
      news: {
        ...{ keptUntil, liquidations: isLiquidated ? [liquidation] : [], parameterChanges: [] },
        riskOf: () => undefined,
      },
    })
    const { hash, timestamp } = block
    database.insert(blocks).values({ chainId: 1, number, hash, timestamp }).onConflictDoNothing().run()
    commitAlerts(database, 1, alertsOf(judgement))
    judgement.accept()
    return judgement.notifications.map((one) => (one.kind === 'alert' ? one.status : one.kind))
  }
}

test('an event that was told before a restart and whose block is undone after it is retracted', () => {
  const database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-judging-')), 'plimsoll.db'))
  const before = start(database)
  expect([before(1, false), before(2, true), before(3, false)]).toEqual([[], ['firing'], []])
  expect(start(database)(4, false, 1n)).toEqual(['retracted'])
  expect(listAlerts(database, 10).map(({ state }) => state)).toEqual(['retracted'])
  database.$client.close()
})
