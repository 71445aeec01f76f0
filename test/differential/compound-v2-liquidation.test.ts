// `check` of Compound v2 against the comptroller's own liquidity, and liquidations actually executed: what is predicted is what moves.
import { type Address, decodeEventLog, encodeEventTopics, getAddress, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import type { BlockRef } from '../../src/model/block.ts'
import type { LiquidationOutcome, LiquidationRequest } from '../../src/model/liquidation.ts'
import { envOf } from '../../src/monitor/assessing.ts'
import type { CatalogueOptions } from '../../src/monitor/catalogue.ts'
import { readAccounts } from '../../src/monitor/on-demand.ts'
import type { Adapter, Env, Mirror } from '../../src/protocols/adapter.ts'
import type { CompoundRequest } from '../../src/protocols/compound-v2/request.ts'
import type { CompoundMarket, CompoundPosition } from '../../src/protocols/compound-v2/state.ts'
import { offersOf } from '../../src/risk/liquidation-options.ts'
import { twoOffersOf } from '../../src/risk/two-step.ts'
import { cTokenAbi } from '../devnet/compound-v2/abis.ts'
import { type CompoundV2, compoundOn, deployCompoundV2, enrich } from '../devnet/compound-v2/compound.ts'
import { type CompoundActivity, createCompoundActivity } from '../devnet/compound-v2/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { ChainLog } from '../devnet/mining.ts'
import { namedAccount } from '../devnet/plan.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { readAfresh } from '../support/afresh.ts'
import { compoundDataAt } from '../support/compound-data.ts'
import { chainAt } from '../support/follower.ts'
import { sized } from '../support/size.ts'

const ACCOUNTS = sized(10, 40)
const ROUNDS = sized(4, 16)
const BLOCK_SECONDS = 12
const BLOCKS_PER_ROUND_MAX = 200
const READ_ROUNDS_MAX = 12
const LIQUIDATOR: Address = namedAccount('compound liquidator')

let devnet: Devnet
let compound: CompoundV2
let chain: Chain
let adapter: Adapter
beforeAll(async () => {
  devnet = await startDevnet()
  compound = await deployCompoundV2(devnet)
  chain = chainAt(devnet.url, devnet.chainId)
  adapter = compoundOn(devnet, compound).adapter
})
afterAll(() => {
  chain.close()
  return devnet.stop()
})

/** Compound lists its markets itself: there is nothing to remember. */
const catalogue: CatalogueOptions = {
  store: { load: () => undefined, save: () => undefined },
  reorgDepthMax: 0,
  onProgress: () => undefined,
}

/** Every account as `check` reads it, against the contract. */
const checkAll = async (block: BlockRef, accounts: readonly Address[]): Promise<number> => {
  const wanted = [compoundOn(devnet, compound)]
  const { assessments, failures } = await readAccounts(
    chain,
    block,
    wanted,
    accounts,
    READ_ROUNDS_MAX,
    catalogue,
  )
  expect(failures).toEqual([])
  const truth = await compoundDataAt(devnet, compound.addresses, block.hash, accounts)
  for (const assessment of assessments) {
    const expected = truth.get(assessment.owner)
    if (assessment.kind === 'unassessable') {
      expect([assessment.detail, expected?.code]).toEqual([assessment.detail, 13n])
      continue
    }
    const ours = (assessment.liquidationValue ?? 0n) - assessment.debtValue
    expect([assessment.owner, ours, assessment.fidelity]).toEqual([
      assessment.owner,
      expected?.accrued,
      'exact',
    ])
    expect(assessment.stored?.isLiquidatable).toBe((expected?.stored ?? 0n) < 0n)
  }
  return assessments.length
}

/** What a liquidation's logs say that moved: cTokens of the collateral's market, and the underlying that was repaid. */
const movedIn = (logs: readonly ChainLog[], collateral: Address) => {
  const moved = { repaid: 0n, seizeTokens: 0n, toLiquidator: 0n, toProtocol: 0n }
  const isOf = (log: ChainLog, topic: Hex | undefined): boolean => log.topics[0] === topic
  for (const log of logs) {
    const [topicOfLiquidation] = encodeEventTopics({ abi: cTokenAbi, eventName: 'LiquidateBorrow' })
    const [topicOfTransfer] = encodeEventTopics({ abi: cTokenAbi, eventName: 'Transfer' })
    const topics = log.topics as [Hex, ...Hex[]]
    if (isOf(log, topicOfLiquidation as Hex)) {
      const { args } = decodeEventLog({
        abi: cTokenAbi,
        eventName: 'LiquidateBorrow',
        topics,
        data: log.data,
      })
      moved.repaid = args.repayAmount
      moved.seizeTokens = args.seizeTokens
    }
    if (!isOf(log, topicOfTransfer as Hex) || getAddress(log.address) !== collateral) continue
    const { args } = decodeEventLog({ abi: cTokenAbi, eventName: 'Transfer', topics, data: log.data })
    if (args.to === LIQUIDATOR) moved.toLiquidator = args.amount
    if (args.to === collateral) moved.toProtocol = args.amount
  }
  return moved
}

/** The env of a transaction in the next block, whose prices are those of the last. */
const nextEnv = (mirror: Mirror, block: BlockRef): Env => {
  const next = { ...block, number: block.number + 1n, timestamp: block.timestamp + BLOCK_SECONDS }
  return envOf(mirror, next, () => null)
}

type Loan = { readonly market: CompoundMarket; readonly position: CompoundPosition; readonly env: Env }

/** Mines our transactions of requests, alone in the next block. */
const sendAll = async ({ market, position }: Loan, requests: readonly LiquidationRequest[]) => {
  const transactions = requests.map((request) => {
    const { to, data, value } = adapter.call(market, position, request)
    return { from: LIQUIDATOR, to, data, ...(value === undefined ? {} : { value }) }
  })
  const { outcomes } = await devnet.send(transactions, BLOCK_SECONDS)
  return outcomes.map(({ reason, logs }, index) => ({
    reason,
    moved: movedIn(logs, requests[index]?.collateralAsset as Address),
  }))
}

const send = async (loan: Loan, request: LiquidationRequest, repay: bigint) => {
  const [sent] = await sendAll(loan, [{ ...request, repay }])
  if (!sent) throw new Error('nothing was sent')
  return sent
}

/** The state behind a liquidation: the account's, and the totals of both markets. */
const expectAfter = async (mirror: Mirror, outcome: LiquidationOutcome, request: CompoundRequest) => {
  const { market, position } = outcome.after
  const owner = position?.owner
  const head = await chain.head()
  const deployment = mirror.deployment
  const fresh = await readAfresh(chain, head, { adapter, deployment }, owner ? [owner] : [])
  if (owner)
    expect({ ...fresh.positions.get(`comptroller:${owner}`), asOf: 0n }).toEqual({ ...position, asOf: 0n })
  const totalsOf = (state: unknown) => {
    const { cTokens } = state as CompoundMarket
    return [request.borrowed, request.collateralAsset].map((address) => cTokens[address]?.totals)
  }
  expect(totalsOf(fresh.markets.get('comptroller'))).toEqual(totalsOf(market))
}

/** Two liquidations in one block move what was predicted of both, where they earn more than one. */
const liquidateTwice = async (loan: Loan): Promise<boolean> => {
  const asked = { adapter, ...loan }
  const [best] = offersOf(asked)
  const two = best && twoOffersOf(asked, best)
  const offers = two ? [two.first, two.second] : []
  if (offers.length === 0 || offers.some(({ request }) => 'accrueFirst' in request)) return false
  const snapshot = await devnet.snapshot()
  const sent = await sendAll(
    loan,
    offers.map(({ request }) => request),
  )
  sent.forEach(({ reason, moved }, index) => {
    const { repaid, seized } = offers[index]?.outcome ?? {}
    expect([reason, moved.repaid, moved.toLiquidator]).toEqual([
      undefined,
      repaid?.amount,
      seized?.[0]?.amount,
    ])
  })
  await devnet.revert(snapshot)
  return true
}

/**
 * Executes the option that earns most in the next block, as our transaction says it, and holds what moved against what was
 * predicted; one unit more than the most is refused. The chain is as before afterwards.
 */
const liquidateOne = async (mirror: Mirror, loan: Loan): Promise<boolean> => {
  const { market, position, env } = loan
  const [best] = offersOf({ adapter, ...loan })
  if (!best || 'accrueFirst' in best.request) return false
  const request = best.request as CompoundRequest
  const { outcome } = best
  const most = adapter
    .terms(market, position, env)
    .find(
      (one) =>
        one.request.collateralAsset === request.collateralAsset &&
        one.request.debtAsset === request.debtAsset,
    )
  const repayMax = most?.repayMax ?? 0n
  const snapshot = await devnet.snapshot()
  expect((await send(loan, request, repayMax + 1n)).moved.seizeTokens).toBe(0n)
  await devnet.revert(snapshot)
  const { reason, moved } = await send(loan, request, request.repay ?? outcome.repaid.amount)
  const seized = outcome.seized[0]?.amount ?? 0n
  const fee = outcome.protocolFee[0]?.amount ?? 0n
  expect({ reason, ...moved }).toEqual({
    reason: undefined,
    repaid: outcome.repaid.amount,
    seizeTokens: seized + fee,
    toLiquidator: seized,
    toProtocol: fee,
  })
  expect(outcome.repaid.amount).toBeLessThanOrEqual(repayMax)
  await expectAfter(mirror, outcome, request)
  await devnet.revert(snapshot)
  return true
}

/** Somebody moves prices until loans fall, and blocks pass. */
const disturb = async (random: Random, activity: CompoundActivity): Promise<void> => {
  for (let block = 0; block < 4; block++) await devnet.send(activity.next(), BLOCK_SECONDS)
  await devnet.send(activity.crash(), BLOCK_SECONDS)
  await devnet.mine({ blocks: random.integer(1, BLOCKS_PER_ROUND_MAX) })
}

test(`${ACCOUNTS * ROUNDS} random states equal the contract, and liquidations move what was predicted`, async () => {
  const random = createRandom(20_261_126)
  const { addresses } = compound
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  await enrich(devnet, addresses, [...accounts, LIQUIDATOR])
  const activity = createCompoundActivity({ random, addresses, accounts })
  await devnet.send(accounts.flatMap((account) => activity.open(account)))
  let [checked, executed, twice] = [0, 0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const opened = await devnet.snapshot()
    await disturb(random, activity)
    const block = await chain.head()
    checked += await checkAll(block, accounts)
    const mirror = await readAfresh(chain, block, compoundOn(devnet, compound), accounts)
    const market = mirror.markets.get('comptroller') as CompoundMarket
    const env = nextEnv(mirror, block)
    for (const position of mirror.positions.values()) {
      const loan = { market, position: position as CompoundPosition, env }
      executed += Number(await liquidateOne(mirror, loan))
      twice += Number(await liquidateTwice(loan))
    }
    if (round % 2 === 1) await devnet.revert(opened)
  }
  console.log(
    `Compound v2: ${checked} states checked, ${executed} liquidations executed as predicted, ${twice} in two steps`,
  )
  expect(checked).toBeGreaterThan(ACCOUNTS * ROUNDS * 0.7)
  expect(executed).toBeGreaterThan(ROUNDS)
  expect(twice).toBeGreaterThan(0)
})
