// When interest liquidates a loan, and what repairs it, on real contracts: the clock is moved there, the repair is done.
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import type { Health } from '../../src/model/assessment.ts'
import { envOf } from '../../src/monitor/assessing.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import type { CompoundMarket } from '../../src/protocols/compound-v2/state.ts'
import type { VenusMarket } from '../../src/protocols/venus-core/state.ts'
import { assessLoan, type Loan, withPrices } from '../../src/risk/loan.ts'
import { repairsOf } from '../../src/risk/repairs.ts'
import { secondsToLiquidation } from '../../src/risk/time-to-liquidation.ts'
import { WAD } from '../../src/units/brands.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { type CompoundV2, compoundOn, deployCompoundV2, enrich } from '../devnet/compound-v2/compound.ts'
import { createCompoundActivity } from '../devnet/compound-v2/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { MARKETS, type MarketName } from '../devnet/morpho-blue/markets.ts'
import { deployMorpho, type Morpho } from '../devnet/morpho-blue/morpho.ts'
import { createMorphoActivity } from '../devnet/morpho-blue/random-activity.ts'
import { createRandom } from '../devnet/random.ts'
import { createVenusActivity } from '../devnet/venus-core/random-activity.ts'
import { deployVenus, enrich as enrichForVenus, type Venus, venusOn } from '../devnet/venus-core/venus.ts'
import { accountDataAt } from '../support/account-data.ts'
import { readAfresh } from '../support/afresh.ts'
import { compoundDataAt } from '../support/compound-data.ts'
import { aaveOn, chainAt } from '../support/follower.ts'
import { loanAt, morphoOn, placeOf } from '../support/morpho-loans.ts'
import { sized } from '../support/size.ts'
import { venusDataAt } from '../support/venus-data.ts'

const ACCOUNTS = sized(3, 40)
const BLOCK_SECONDS = 12
const YEAR_SECONDS = 31_536_000n

let devnet: Devnet
let chain: Chain
let morpho: Morpho
let compound: CompoundV2
let venus: Venus
let accounts: readonly Address[]

/** Every protocol with loans of the same accounts. */
beforeAll(async () => {
  devnet = await startDevnet()
  chain = chainAt(devnet.url, devnet.chainId)
  const random = createRandom(20_261_127)
  accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  await devnet.openAccounts(
    accounts.map((account) => randomAccount(random, account)),
    { tolerateReverts: true },
  )
  morpho = await deployMorpho(devnet)
  await morpho.fundAccounts(accounts)
  const names = (Object.keys(MARKETS) as MarketName[]).filter((name) => MARKETS[name].rates === 'curve')
  const lending = createMorphoActivity(devnet, morpho, random, accounts, names)
  for (const [index, account] of accounts.entries())
    await morpho.act(await lending.open(names[index % names.length] as MarketName, account), {
      tolerateReverts: true,
    })
  compound = await deployCompoundV2(devnet)
  await enrich(devnet, compound.addresses, accounts)
  const opening = createCompoundActivity({ random, addresses: compound.addresses, accounts })
  await devnet.send(accounts.flatMap((account) => opening.open(account)))
  venus = await deployVenus(devnet)
  await enrichForVenus(devnet, venus.addresses, accounts)
  const calm = createVenusActivity({ random, addresses: venus.addresses, accounts, isCalm: true })
  await devnet.send(accounts.flatMap((account) => calm.open(account)))
}, 600_000)
afterAll(() => {
  chain.close()
  return devnet.stop()
})

/** The debts of one deployment at the head, judged so many seconds later, in the next block. */
const loansOf = async ({ adapter, deployment }: Wanted, seconds = 0): Promise<readonly Loan[]> => {
  const head = await chain.head()
  const mirror = await readAfresh(chain, head, { adapter, deployment }, accounts)
  const next = { ...head, number: head.number + 1n, timestamp: head.timestamp + seconds }
  const env = envOf(mirror, seconds > 0 ? next : head, () => null)
  return [...mirror.positions.values()].flatMap((position) => {
    const market = mirror.markets.get(position.id.market)
    if (!market) return []
    const loan = { adapter, market, position, env }
    const health = assessLoan(loan)
    return health.kind === 'assessed' && health.debt.length > 0 ? [loan] : []
  })
}

/** A chain whose calls are made as if so many blocks and seconds had passed, since to mine as many takes hours. */
const devnetAfter = (
  blocks: bigint,
  seconds: number,
  { number, timestamp }: Loan['env']['block'],
): Devnet => {
  const overrides = {
    number: `0x${(number + blocks).toString(16)}`,
    time: `0x${(timestamp + seconds).toString(16)}`,
  }
  const request: Devnet['rpc']['request'] = (method, params = []) =>
    devnet.rpc.request(method, [...params, {}, overrides])
  return { ...devnet, rpc: { ...devnet.rpc, request } }
}

type Asked = (loan: Loan, seconds: number) => Promise<boolean | undefined>

/** Mines a block at that time, asks there, and goes back. */
const atTheTime =
  (ask: (loan: Loan) => Promise<boolean | undefined>): Asked =>
  async (loan, seconds) => {
    const before = await devnet.snapshot()
    if (seconds > 0) await devnet.increaseTime(seconds)
    const answer = await ask(loan)
    await devnet.revert(before)
    return answer
  }

const askAave = atTheTime(async ({ position: { owner } }) => {
  const { hash } = await devnet.head()
  const data = (await accountDataAt(devnet, hash, [owner])).get(owner)
  return data && data.healthFactor < WAD
})

const askMorpho = atTheTime(async ({ position }) => {
  const { hash } = await devnet.head()
  const place = placeOf(morpho, { market: position.id.market, owner: position.owner })
  const { isHealthy } = await loanAt(devnet, morpho, hash, place)
  return isHealthy === undefined ? undefined : !isHealthy
})

const askCompound: Asked = async ({ market, position: { owner }, env }, seconds) => {
  const { secondsPerBlock } = market as CompoundMarket
  const then = devnetAfter(BigInt(seconds) / secondsPerBlock, seconds, env.block)
  const data = (await compoundDataAt(then, compound.addresses, env.block.hash, [owner])).get(owner)
  return data?.code === 0n ? data.accrued < 0n : undefined
}

const askVenus: Asked = async ({ market, position: { owner }, env }, seconds) => {
  const blocks = (BigInt(seconds) * (market as VenusMarket).blocksPerYear) / YEAR_SECONDS
  const then = devnetAfter(blocks, seconds, env.block)
  const data = (await venusDataAt(then, venus.addresses, env.block.hash, [owner])).get(owner)
  return data?.code === 0n ? data.accrued < 0n : undefined
}

/** The lowest price of the largest collateral at which a loan is still safe, by its symbol; undefined where no price liquidates. */
const lastSafePrice = (loan: Loan): Readonly<Record<string, bigint>> | undefined => {
  const { collateral } = assessLoan(loan) as Health
  const [leg] = [...collateral].sort((a, b) => (a.value > b.value ? -1 : 1))
  if (!leg) return undefined
  const isSafeAt = (price: bigint): boolean => {
    const at = withPrices(loan, (key) => (key === leg.priceKey ? price : undefined))
    const assessment = assessLoan(at)
    return assessment.kind === 'assessed' && !assessment.isLiquidatable
  }
  let [low, high] = [1n, leg.price]
  if (isSafeAt(low) || !isSafeAt(high)) return undefined
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (isSafeAt(middle)) high = middle
    else low = middle
  }
  return { [leg.symbol]: high }
}

/** The devnet's Aave lends so much that interest is slow: loans are asked about while they are a tick from liquidation. */
const tellOfAave = async (told: Record<string, number>): Promise<void> => {
  for (const far of await loansOf(aaveOn(devnet), BLOCK_SECONDS)) {
    const prices = lastSafePrice(far)
    if (!prices) continue
    const before = await devnet.snapshot()
    await devnet.setPrices(prices)
    const near = (await loansOf(aaveOn(devnet))).filter(
      ({ position }) => position.owner === far.position.owner,
    )
    for (const loan of near) await expectTold(loan, askAave, told)
    await devnet.revert(before)
  }
}

/** Holds what is told of a loan against its contract, where anything is. */
const expectTold = async (loan: Loan, ask: Asked, told: Record<string, number>): Promise<void> => {
  const seconds = secondsToLiquidation(loan)
  if (seconds === null) return
  const { protocol, account, market } = loan.position.id
  const subject = [protocol, market, account, seconds]
  expect([...subject, await ask(loan, seconds)]).toEqual([...subject, true])
  if (seconds > 0) expect([...subject, await ask(loan, seconds - 1)]).toEqual([...subject, false])
  told[protocol] = (told[protocol] ?? 0) + Number(seconds > 0)
}

test('interest liquidates at the second that is told, and not a second before, say the contracts', async () => {
  const told: Record<string, number> = {}
  const asked: readonly (readonly [Wanted, Asked])[] = [
    [morphoOn(devnet, morpho), askMorpho],
    [compoundOn(devnet, compound), askCompound],
    [venusOn(devnet, venus), askVenus],
  ]
  for (const [wanted, ask] of asked)
    for (const loan of await loansOf(wanted)) await expectTold(loan, ask, told)
  await tellOfAave(told)
  console.log('times to liquidation, by protocol:', told)
  const count = Object.values(told).reduce((sum, one) => sum + one, 0)
  expect(count).toBeGreaterThanOrEqual(sized(6, 50))
  expect(Object.keys(told)).toHaveLength(4)
})

/** The health that a target asks for, in a block of a repair that is sent, by the pool's own view. */
const healthAfter = async (
  account: Address,
  kind: 'repay' | 'supply',
  asset: string,
  amount: bigint,
): Promise<bigint | undefined> => {
  const before = await devnet.snapshot()
  const { block } = await devnet.act(
    { kind, account, asset, amount },
    { seconds: BLOCK_SECONDS, tolerateReverts: true },
  )
  const data = (await accountDataAt(devnet, block.hash, [account])).get(account)
  await devnet.revert(before)
  return data?.healthFactor
}

test('a repair that is done on Aave reaches its target by the pool’s own word; a unit less does not', async () => {
  let done = 0
  for (const loan of await loansOf(aaveOn(devnet), BLOCK_SECONDS)) {
    const health = assessLoan(loan) as Health
    const target = (health.healthFactor * 21n) / 20n
    for (const { repay, supply } of repairsOf(loan, health, [target]))
      for (const [kind, repairs] of [['repay', repay] as const, ['supply', supply] as const])
        for (const { symbol, amount, isAll } of repairs.filter((one) => !one.isAll)) {
          const { owner } = loan.position
          const subject = [owner, kind, symbol, amount, isAll]
          const reached = (await healthAfter(owner, kind, symbol, amount)) ?? 0n
          const short = (await healthAfter(owner, kind, symbol, amount - 1n)) ?? 0n
          expect([...subject, reached >= target, short < target]).toEqual([...subject, true, true])
          done += 1
        }
  }
  console.log(`repairs done on Aave: ${done}`)
  expect(done).toBeGreaterThanOrEqual(sized(2, 50))
})
