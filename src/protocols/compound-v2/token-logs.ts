// What the logs of a cToken touch. Those of a debt carry its snapshot, so that following needs no storage.
import { type Address, type Hex, zeroAddress } from 'viem'
import { cTokenAbi } from '../../../abis/compound-v2.ts'
import type { Log } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import { due } from '../changing.ts'
import { addressAt, numberAt, topicsNamed, wordsOf } from './event-words.ts'
import { expMulDown } from './exponential.ts'
import { keys } from './keys.ts'
import { withAccountLeg } from './position.ts'
import {
  type CompoundChange,
  type CompoundMarket,
  type CompoundMirror,
  type CompoundPosition,
  positionOf,
  setPosition,
  updateMarket,
  withToken,
} from './state.ts'

const accrueTopics = topicsNamed(cTokenAbi, 'AccrueInterest')
const [borrowTopic] = topicsNamed(cTokenAbi, 'Borrow')
const [repayTopic] = topicsNamed(cTokenAbi, 'RepayBorrow')
const [liquidateTopic] = topicsNamed(cTokenAbi, 'LiquidateBorrow')
const [codeTopic] = topicsNamed(cTokenAbi, 'NewImplementation')
const [modelTopic] = topicsNamed(cTokenAbi, 'NewMarketInterestRateModel')
const [transferTopic] = topicsNamed(cTokenAbi, 'Transfer')

type Words = readonly Hex[]

/** The index that debts of the same block start at: the last word but one in both forms of the event. */
const accrued = (address: Address, words: Words): readonly CompoundChange[] => {
  const borrowIndex = numberAt(words, -2)
  if (borrowIndex === undefined) return []
  return [
    updateMarket((market) => {
      const cToken = market.cTokens[address]
      return cToken ? withToken(market, { ...cToken, totals: { ...cToken.totals, borrowIndex } }) : market
    }),
  ]
}

/** Somebody who is not in the book yet; what else it has is read at the same block. */
const unread = ({ id }: CompoundMarket, account: Address, asOf: bigint): CompoundPosition => ({
  id: { ...id, account },
  owner: account,
  asOf,
  entered: [],
  legs: {},
  fault: { reason: 'not-yet-read', detail: 'the account is still to be read' },
})

/** A debt's snapshot as a log says it: the account's balance, at the market's index by then. */
const borrowed = (
  mirror: CompoundMirror,
  market: CompoundMarket,
  address: Address,
  { blockNumber }: Log,
  account: Address | undefined,
  principal: bigint | undefined,
): readonly CompoundChange[] => {
  const cToken = market.cTokens[address]
  if (!account || principal === undefined || !cToken) return []
  const snapshot = { principal, interestIndex: cToken.totals.borrowIndex, from: 'log' as const }
  const isKnown = positionOf(mirror, account) !== undefined
  return [
    setPosition(account, (current) =>
      withAccountLeg(current ?? unread(market, account, blockNumber), address, ({ tokens }) => ({
        tokens,
        borrow: snapshot,
      })),
    ),
    ...due(keys.borrow(account, address), ...(isKnown ? [] : [keys.account(account)])),
  ]
}

/** Tokens that move. A recipient that is not in the book may have entered the market long ago. */
const transferred = (mirror: CompoundMirror, address: Address, words: Words): readonly CompoundChange[] => {
  const from = addressAt(words, 0)
  const to = addressAt(words, 1)
  const touch = (account: Address | undefined, isRecipient: boolean): readonly CompoundChange[] => {
    if (!account || account === address || account === zeroAddress) return []
    if (positionOf(mirror, account)) return due(keys.tokens(account, address))
    return isRecipient ? due(keys.account(account)) : []
  }
  return [...touch(from, false), ...touch(to, true)]
}

/** Tokens go to the liquidator less the protocol's share. */
const liquidated = (
  { deployment: { chainId, protocol, deployment } }: CompoundMirror,
  { id, cTokens }: CompoundMarket,
  address: Address,
  log: Log,
  words: Words,
): readonly CompoundChange[] => {
  const [liquidator, owner, collateral] = [0, 1, 3].map((index) => addressAt(words, index))
  const [repaid, seizeTokens] = [2, 4].map((index) => numberAt(words, index))
  if (!liquidator || !owner || !collateral || repaid === undefined || seizeTokens === undefined) return []
  const share = cTokens[collateral]?.protocolSeizeShare ?? 0n
  const position = formatPositionId({ chainId, protocol, deployment, market: id.market, account: owner })
  const { blockNumber, blockHash, transactionHash, logIndex } = log
  const liquidation = {
    ...{ position, owner, blockNumber, blockHash, transactionHash, logIndex, liquidator, repaid },
    debtAsset: cTokens[address]?.underlying.asset ?? address,
    collateralAsset: collateral,
    seized: seizeTokens - expMulDown(seizeTokens, share),
  }
  return [{ kind: 'liquidation', liquidation }]
}

/** The model is read at its new address in the same round. */
const modelled = (address: Address, words: Words): readonly CompoundChange[] => {
  const interestRateModel = addressAt(words, 1)
  return [
    updateMarket((market) => {
      const traits = market.traits[address]
      if (!traits || !interestRateModel) return market
      return { ...market, traits: { ...market.traits, [address]: { ...traits, interestRateModel } } }
    }),
  ]
}

/** New code is looked at as if the market were new. */
const recoded = (address: Address): readonly CompoundChange[] => [
  updateMarket((market) => {
    const { [address]: _former, ...traits } = market.traits
    return { ...market, traits }
  }),
]

/** Every log of a cToken touches its totals; those of an account touch it too. */
export const reduceToken = (
  mirror: CompoundMirror,
  market: CompoundMarket,
  address: Address,
  log: Log,
): readonly CompoundChange[] => {
  const [topic] = log.topics
  const words = wordsOf(log)
  const token = due(keys.token(address))
  if (topic === undefined) return []
  if (accrueTopics.includes(topic)) return [...accrued(address, words), ...token]
  if (topic === codeTopic) return [...recoded(address), ...token]
  if (topic === modelTopic) return [...modelled(address, words), ...token]
  if (topic === transferTopic) return [...transferred(mirror, address, words), ...token]
  if (topic === liquidateTopic) return [...liquidated(mirror, market, address, log, words), ...token]
  if (topic !== borrowTopic && topic !== repayTopic) return token
  const [account, principal] =
    topic === borrowTopic
      ? [addressAt(words, 0), numberAt(words, 2)]
      : [addressAt(words, 1), numberAt(words, 3)]
  return [...borrowed(mirror, market, address, log, account, principal), ...token]
}
