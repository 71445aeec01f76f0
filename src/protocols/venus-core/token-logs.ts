// What the logs of a vToken touch. Those of a debt carry its snapshot, so that following needs no storage.
import type { Address, Hex } from 'viem'
import { vTokenAbi } from '../../../abis/venus-core.ts'
import type { Log } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import { due } from '../changing.ts'
import { addressAt, numberAt, topicsNamed, wordsOf } from '../compound-v2/event-words.ts'
import { withAccountLeg } from '../compound-v2/position.ts'
import { keys } from './keys.ts'
import { NO_VAI } from './position.ts'
import {
  CORE_POOL_ID,
  positionOf,
  setPosition,
  updateMarket,
  type VenusChange,
  type VenusMarket,
  type VenusMirror,
  type VenusPosition,
  withVToken,
} from './state.ts'

const [accrueTopic] = topicsNamed(vTokenAbi, 'AccrueInterest')
const [borrowTopic] = topicsNamed(vTokenAbi, 'Borrow')
const [repayTopic] = topicsNamed(vTokenAbi, 'RepayBorrow')
const [liquidateTopic] = topicsNamed(vTokenAbi, 'LiquidateBorrow')
const [transferTopic] = topicsNamed(vTokenAbi, 'Transfer')
const [modelTopic] = topicsNamed(vTokenAbi, 'NewMarketInterestRateModel')
const [codeTopic] = topicsNamed(vTokenAbi, 'NewImplementation')

type Words = readonly Hex[]

/** The index that debts of the same block start at. */
const accrued = (address: Address, words: Words): readonly VenusChange[] => {
  const borrowIndex = numberAt(words, 2)
  if (borrowIndex === undefined) return []
  return [
    updateMarket((market) => {
      const vToken = market.cTokens[address]
      return vToken ? withVToken(market, { ...vToken, totals: { ...vToken.totals, borrowIndex } }) : market
    }),
  ]
}

/** Somebody who is not in the book yet; what else it has is read at the same block. */
export const unread = ({ id }: VenusMarket, account: Address, asOf: bigint): VenusPosition => ({
  id: { ...id, account },
  owner: account,
  asOf,
  entered: [],
  legs: {},
  poolId: CORE_POOL_ID,
  vai: NO_VAI,
  forced: [],
  isRestricted: false,
  fault: { reason: 'not-yet-read', detail: 'the account is still to be read' },
})

/** A debt's snapshot as a log says it: the account's balance, at the market's index by then. */
const borrowed = (
  mirror: VenusMirror,
  market: VenusMarket,
  address: Address,
  { blockNumber }: Log,
  account: Address | undefined,
  principal: bigint | undefined,
): readonly VenusChange[] => {
  const vToken = market.cTokens[address]
  if (!account || principal === undefined || !vToken) return []
  const borrow = { principal, interestIndex: vToken.totals.borrowIndex, from: 'log' as const }
  const isKnown = positionOf(mirror, account) !== undefined
  return [
    setPosition(account, (current) =>
      withAccountLeg(current ?? unread(market, account, blockNumber), address, ({ tokens }) => ({
        tokens,
        borrow,
      })),
    ),
    ...due(keys.borrow(account, address), ...(isKnown ? [] : [keys.account(account)])),
  ]
}

/** The model is read at its new address in the same round. */
const modelled = (address: Address, words: Words): readonly VenusChange[] => {
  const interestRateModel = addressAt(words, 1)
  return [
    updateMarket((market) => {
      const vToken = market.cTokens[address]
      return vToken && interestRateModel ? withVToken(market, { ...vToken, interestRateModel }) : market
    }),
    ...due(keys.vToken(address)),
  ]
}

/** What the new code is has to be found out anew. */
const recoded = (address: Address): readonly VenusChange[] => [
  updateMarket((market) => {
    const { [address]: _outdated, ...traits } = market.traits
    return { ...market, traits }
  }),
  ...due(keys.vToken(address)),
]

/** Tokens that move. A recipient that is not in the book may have entered the market long ago. */
const transferred = (mirror: VenusMirror, address: Address, words: Words): readonly VenusChange[] => {
  const touch = (account: Address | undefined, isRecipient: boolean): readonly VenusChange[] => {
    if (!account || account === address) return []
    if (positionOf(mirror, account)) return due(keys.tokens(account, address))
    return isRecipient ? due(keys.account(account)) : []
  }
  return [...touch(addressAt(words, 0), false), ...touch(addressAt(words, 1), true)]
}

/** A liquidation of a vToken's debt or of VAI, whose events say the same in the same words. */
export const liquidated = (
  { deployment: { chainId, protocol, deployment } }: VenusMirror,
  { id }: VenusMarket,
  debtAsset: Address,
  log: Log,
): readonly VenusChange[] => {
  const words = wordsOf(log)
  const [liquidator, owner, collateral] = [0, 1, 3].map((index) => addressAt(words, index))
  const [repaid, seized] = [2, 4].map((index) => numberAt(words, index))
  if (!liquidator || !owner || !collateral || repaid === undefined || seized === undefined) return []
  const position = formatPositionId({ chainId, protocol, deployment, market: id.market, account: owner })
  const { blockNumber, blockHash, transactionHash, logIndex } = log
  const liquidation = {
    ...{ position, owner, blockNumber, blockHash, transactionHash, logIndex, liquidator, repaid, seized },
    ...{ debtAsset, collateralAsset: collateral },
  }
  return [{ kind: 'liquidation', liquidation }]
}

/** Every log of a vToken touches its totals; those of an account touch it too. */
export const reduceVToken = (
  mirror: VenusMirror,
  market: VenusMarket,
  address: Address,
  log: Log,
): readonly VenusChange[] => {
  const [topic] = log.topics
  const words = wordsOf(log)
  const totals = due(keys.totals(address))
  const debtAsset = market.cTokens[address]?.underlying.asset ?? address
  if (topic === undefined) return []
  if (topic === accrueTopic) return [...accrued(address, words), ...totals]
  if (topic === transferTopic) return [...transferred(mirror, address, words), ...totals]
  if (topic === liquidateTopic) return [...liquidated(mirror, market, debtAsset, log), ...totals]
  if (topic === modelTopic) return modelled(address, words)
  if (topic === codeTopic) return recoded(address)
  if (topic !== borrowTopic && topic !== repayTopic) return totals
  const [account, principal] =
    topic === borrowTopic
      ? [addressAt(words, 0), numberAt(words, 2)]
      : [addressAt(words, 1), numberAt(words, 3)]
  return [...borrowed(mirror, market, address, log, account, principal), ...totals]
}
