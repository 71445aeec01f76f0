// AddressesRegistry: the contracts of a branch, and what it demands.
import { type Address, getAddress } from 'viem'
import { addressesRegistryAbi, tokenAbi } from '../../../../abis/liquity-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import type { BranchMarket, LiquityChange, LiquityMirror, LiquityRead, Setup, Token } from '../state.ts'
import { callOf } from './calls.ts'
import { updateBranch, withPart } from './changes.ts'

const ADDRESSES = [
  'troveManager',
  'borrowerOperations',
  'troveNFT',
  'stabilityPool',
  'activePool',
  'defaultPool',
  'sortedTroves',
  'priceFeed',
  'collToken',
  'boldToken',
  'WETH',
] as const

const PARAMETERS = [
  'CCR',
  'MCR',
  'BCR',
  'SCR',
  'LIQUIDATION_PENALTY_SP',
  'LIQUIDATION_PENALTY_REDISTRIBUTION',
] as const

type AddressName = (typeof ADDRESSES)[number]
type ParameterName = (typeof PARAMETERS)[number]

/** All answers by name, or the first fault. Without a buffer for batches the contracts are of an older family. */
const answersIn = (
  results: readonly CallResult[],
): { addresses: Record<AddressName, Address>; parameters: Record<ParameterName, bigint> } | Fault => {
  const addresses = {} as Record<AddressName, Address>
  const parameters = {} as Record<ParameterName, bigint>
  for (const [index, name] of ADDRESSES.entries()) {
    const answer = answerOf(addressesRegistryAbi, name, results[index])
    if (!answer.ok) return answer.fault
    addresses[name] = getAddress(answer.value)
  }
  for (const [index, name] of PARAMETERS.entries()) {
    const answer = answerOf(addressesRegistryAbi, name, results[ADDRESSES.length + index])
    if (!answer.ok)
      return name === 'BCR' ? { reason: 'unknown-revision', detail: answer.fault.detail } : answer.fault
    parameters[name] = answer.value
  }
  return { addresses, parameters }
}

const withAddress = (token: Token, address: Address): Token =>
  token.address === address ? token : { ...token, address }

const withSetup = (
  branch: BranchMarket,
  { addresses, parameters }: Exclude<ReturnType<typeof answersIn>, Fault>,
): BranchMarket => {
  const { collToken, boldToken, WETH, ...contracts } = addresses
  const { CCR, MCR, BCR, SCR } = parameters
  const setup: Setup = {
    contracts,
    parameters: {
      ...{ CCR, MCR, BCR, SCR },
      liquidationPenaltySP: parameters.LIQUIDATION_PENALTY_SP,
      liquidationPenaltyRedistribution: parameters.LIQUIDATION_PENALTY_REDISTRIBUTION,
    },
  }
  return {
    ...withPart(branch, 'setup', undefined),
    setup,
    collateral: withAddress(branch.collateral, collToken),
    bold: withAddress(branch.bold, boldToken),
    weth: withAddress(branch.weth, WETH),
  }
}

/** What else a branch needs, once its contracts are known. */
const nextOf = (branch: string): readonly LiquityChange[] =>
  due(keys.tokens(branch), keys.pools(branch), keys.redistribution(branch), keys.price(branch))

export const readSetup = (
  mirror: LiquityMirror,
  branch: string,
  addressesRegistry: Address,
): LiquityRead => ({
  key: keys.setup(branch),
  calls: [...ADDRESSES, ...PARAMETERS].map((name) =>
    callOf(addressesRegistry, addressesRegistryAbi, name, []),
  ),
  decode: (results): readonly LiquityChange[] => {
    const answers = answersIn(results)
    if ('reason' in answers)
      return [
        updateBranch(mirror, branch, (current) => withPart(current, 'setup', answers)),
        retry(keys.setup(branch)),
      ]
    return [updateBranch(mirror, branch, (current) => withSetup(current, answers)), ...nextOf(branch)]
  },
})

const SIDES = ['collateral', 'bold', 'weth'] as const

/** Symbols and decimals of the branch's tokens; until they are known a token goes by its usual name. */
export const readTokens = (mirror: LiquityMirror, market: BranchMarket): LiquityRead => {
  const branch = market.id.market
  return {
    key: keys.tokens(branch),
    calls: SIDES.flatMap((side) => [
      { ...callOf(market[side].address, tokenAbi, 'symbol', []), immutable: true },
      { ...callOf(market[side].address, tokenAbi, 'decimals', []), immutable: true },
    ]),
    decode: (results): readonly LiquityChange[] => {
      const tokens = SIDES.map((side, index) => {
        const symbol = symbolOf(answerOf(tokenAbi, 'symbol', results[2 * index]), results[2 * index])
        const decimals = answerOf(tokenAbi, 'decimals', results[2 * index + 1])
        const known = market[side]
        return [
          side,
          {
            address: known.address,
            symbol: symbol ?? known.symbol,
            decimals: decimals.ok ? decimals.value : known.decimals,
          },
        ] as const
      })
      const isRead = results.every(({ ok }) => ok)
      return [
        updateBranch(mirror, branch, (current) => ({ ...current, ...Object.fromEntries(tokens) })),
        ...(isRead ? [] : [retry(keys.tokens(branch))]),
      ]
    },
  }
}
