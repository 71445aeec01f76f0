// Alerts on a real chain: prices that wobble, a crash that a reorg undoes, a liquidation, a change by governance.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtInRules } from '../../src/alerts/built-in.ts'
import { type AlertChange, createEngine } from '../../src/alerts/engine.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { closeFollower, followDevnet } from '../support/follower.ts'
import { createRecordingJudge } from '../support/judging.ts'

const ETHER = 10n ** 18n
const WAD = 10n ** 18n

let devnet: Devnet
let follower: Follower
let changes: AlertChange[]
/** Price of WETH at which health is 1, in the oracle's units. */
let parity: bigint

const cycle = async () => {
  const outcome = await runCycle(follower, await follower.chain.head())
  if (outcome.kind !== 'committed') throw new Error(`nothing was committed: ${outcome.kind}`)
  return outcome
}
/** Brings health to so many thousandths by the price, and looks. */
const bring = async (thousandths: number): Promise<void> => {
  await devnet.setPrice('WETH', (parity * BigInt(thousandths)) / 1_000n)
  await cycle()
}
const said = () => changes.splice(0).map(({ alert, status }) => `${alert.rule} ${status}`)

beforeAll(async () => {
  devnet = await startDevnet()
  const price = await devnet.price('WETH')
  const account = devnet.account(0)
  await devnet.openAccount({
    account,
    supplies: { WETH: ETHER },
    borrows: { USDC: (price / 10n ** 8n) * 500_000n },
  })
  const recording = createRecordingJudge(
    createEngine({
      rules: builtInRules,
      watches: [{ account, label: 'treasury', receivers: ['me'] }],
      receivers: ['me'],
    }),
  )
  changes = recording.changes
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-'))
  const plain = await followDevnet(devnet, join(folder, 'plimsoll.db'))
  follower = { ...plain, watched: [account], judge: recording.judge }
  for (let round = 0; round < 20; round++) {
    const { assessments } = await cycle()
    const [assessment] = assessments
    if (assessment?.kind === 'assessed') {
      parity = (price * WAD) / assessment.healthFactor
      break
    }
    await devnet.mine()
  }
  changes.length = 0
})
afterAll(async () => {
  closeFollower(follower)
  await devnet.stop()
})

test('prices that wobble 50 times around the threshold: one firing, one resolved', async () => {
  await bring(1_120)
  for (let turn = 0; turn < 50; turn++) await bring(turn % 2 === 0 ? 1_095 : 1_105)
  expect(changes).toMatchObject([
    {
      status: 'firing',
      receivers: ['me'],
      alert: { rule: 'NearLiquidation', annotations: { summary: expect.stringMatching(SUMMARY) } },
      risk: { shock: { changePpm: expect.any(BigInt) }, repairs: expect.any(Array) },
    },
  ])
  await bring(1_200)
  expect(said()).toEqual(['NearLiquidation firing', 'NearLiquidation resolved'])
}, 300_000)

const SUMMARY = /^treasury's Aave v3 loan on a local chain: health 1\.09, \S+ −8\.\d % to liquidation$/

test('a crash that a reorg undoes is retracted', async () => {
  await bring(900)
  expect(said()).toEqual(['NearLiquidation firing', 'CloseToLiquidation firing', 'Liquidatable firing'])
  await devnet.reorg(1, { extraBlocks: 1 })
  await cycle()
  expect(said()).toEqual([
    'NearLiquidation retracted',
    'CloseToLiquidation retracted',
    'Liquidatable retracted',
  ])
})
