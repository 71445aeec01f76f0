// A market of the real Morpho Blue on a local chain, and drawn loans in it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syncTo } from '../../../src/monitor/follow.ts'
import { morphoBlue } from '../../../src/protocols/morpho-blue/index.ts'
import { ORACLE_PRICE_SCALE } from '../../../src/protocols/morpho-blue/math.ts'
import {
  type MorphoMarket,
  type MorphoPosition,
  priceKeyOf,
} from '../../../src/protocols/morpho-blue/state.ts'
import { WAD } from '../../../src/units/brands.ts'
import { startDevnet } from '../../../test/devnet/devnet.ts'
import { deployMorpho } from '../../../test/devnet/morpho-blue/morpho.ts'
import { closeFollower, followDevnet } from '../../../test/support/follower.ts'
import { drawAccounts } from './draw.ts'
import { syntheticAccount } from './positions.ts'

/** A market, the answer of its oracle (scale 1e36), and the time (s) at which they were read. */
export type LoanMarket = {
  readonly market: MorphoMarket
  readonly price: bigint
  readonly timestamp: number
  readonly blockNumber: bigint
}

const ETHER = 10n ** 18n
const DOLLAR = 10n ** 6n

/** Reads the market of USDC on WETH with one loan in it: an adaptive curve, and 70 % of the deposits lent. */
export const readLoanMarket = async (): Promise<LoanMarket> => {
  const devnet = await startDevnet({ stateBlocksMax: 64 })
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  try {
    const morpho = await deployMorpho(devnet)
    const account = devnet.account(0)
    await morpho.fundAccounts([account])
    await morpho.act([
      { kind: 'supplyCollateral', market: 'weth', account, assets: 5_000n * ETHER },
      { kind: 'borrow', market: 'weth', account, amount: { assets: 7_000_000n * DOLLAR } },
    ])
    const deployment = {
      chainId: devnet.chainId,
      protocol: morphoBlue.protocol,
      deployment: 'main',
      fromBlock: BigInt(morpho.fromBlock),
      morpho: morpho.addresses.morpho,
    }
    const wanted = [{ adapter: morphoBlue, deployment }]
    const follower = await followDevnet(devnet, join(folder, 'morpho.db'), { wanted })
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    const { cursor, tracked } = follower.book
    const mirror = tracked[0]?.mirror
    const market = mirror?.markets.get(morpho.addresses.markets.weth.id) as MorphoMarket | undefined
    const reading = market && mirror?.prices.get(priceKeyOf(market.params.oracle))
    closeFollower(follower)
    if (!market || reading?.kind !== 'price' || !cursor) throw new Error('the market was not read')
    return { market, price: reading.price, timestamp: cursor.timestamp, blockNumber: cursor.number }
  } finally {
    await devnet.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Drawn loans: what the figures say of debt and health, one collateral each. */
export const drawLoans = (
  { market, price, blockNumber }: LoanMarket,
  count: number,
): readonly MorphoPosition[] => {
  const drawn = drawAccounts()
  const totals = market.reading?.totals
  if (!totals) throw new Error('the market is not read')
  return Array.from({ length: count }, (_, index) => {
    const { debtDollars, health } = drawn.next().value
    const borrowed = BigInt(Math.ceil(debtDollars * Number(DOLLAR)))
    const quoted = (borrowed * BigInt(Math.round(health * 1e9)) * WAD) / (market.params.lltv * 10n ** 9n)
    const account = syntheticAccount(index)
    return {
      id: { ...market.id, account },
      owner: account,
      asOf: blockNumber,
      supplyShares: 0n,
      borrowShares: (borrowed * totals.totalBorrowShares) / totals.totalBorrowAssets,
      collateral: (quoted * ORACLE_PRICE_SCALE) / price,
      authorized: [],
    }
  })
}
