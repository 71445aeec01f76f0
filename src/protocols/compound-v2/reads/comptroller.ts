// The comptroller's own settings and its list of markets.
import { encodeFunctionData, zeroAddress } from 'viem'
import { comptrollerAbi } from '../../../../abis/compound-v2.ts'
import type { CallResult, ContractCall } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  type CompoundChange,
  type CompoundMarket,
  type CompoundMirror,
  type CompoundRead,
  deploymentOf,
  MARKET,
  marketOf,
} from '../state.ts'

const VIEW_GAS_MAX = 60_000
const LIST_GAS_MAX = 600_000
const SECONDS_PER_BLOCK = 12n

const GETTERS = [
  'getAllMarkets',
  'oracle',
  'closeFactorMantissa',
  'liquidationIncentiveMantissa',
  'seizeGuardianPaused',
  'transferGuardianPaused',
] as const

const emptyMarket = (mirror: CompoundMirror): CompoundMarket => {
  const { chainId, protocol, deployment, comptroller, quote = 'USD' } = deploymentOf(mirror)
  return {
    id: { chainId, protocol, deployment, market: MARKET },
    label: `Compound v2 ${deployment}`,
    quote: { symbol: quote, decimals: 18 },
    revision: 'block',
    revisionRaw: '',
    fidelity: 'exact',
    comptroller,
    oracle: zeroAddress,
    clock: 'block',
    secondsPerBlock: SECONDS_PER_BLOCK,
    closeFactor: 0n,
    liquidationIncentive: 0n,
    isSeizePaused: false,
    isTransferPaused: false,
    hasDeprecation: false,
    listed: [],
    traits: {},
    cTokens: {},
    faults: {},
  }
}

type Settings = Pick<
  CompoundMarket,
  'listed' | 'oracle' | 'closeFactor' | 'liquidationIncentive' | 'isSeizePaused' | 'isTransferPaused'
>

const settingsIn = (results: readonly CallResult[]): Settings | Fault => {
  const answer = <TName extends (typeof GETTERS)[number]>(name: TName) =>
    answerOf(comptrollerAbi, name, results[GETTERS.indexOf(name)])
  const listed = answer('getAllMarkets')
  const oracle = answer('oracle')
  const closeFactor = answer('closeFactorMantissa')
  const incentive = answer('liquidationIncentiveMantissa')
  const seize = answer('seizeGuardianPaused')
  const transfer = answer('transferGuardianPaused')
  if (!listed.ok || !oracle.ok || !closeFactor.ok || !incentive.ok || !seize.ok || !transfer.ok)
    return faultAmong(listed, oracle, closeFactor, incentive, seize, transfer) as Fault
  return {
    listed: listed.value,
    oracle: oracle.value,
    closeFactor: closeFactor.value,
    liquidationIncentive: incentive.value,
    isSeizePaused: seize.value,
    isTransferPaused: transfer.value,
  }
}

const decode = (results: readonly CallResult[], mirror: CompoundMirror): readonly CompoundChange[] => {
  const settings = settingsIn(results)
  const set = (part: Partial<CompoundMarket>): CompoundChange => ({
    kind: 'market',
    key: MARKET,
    next: (current) => {
      const { fault: _mended, ...market } = current ?? emptyMarket(mirror)
      return { ...market, ...part }
    },
  })
  if ('reason' in settings) return [set({ fault: settings }), retry(keys.comptroller)]
  const before = marketOf(mirror)
  const isKnown = (address: `0x${string}`): boolean => before?.listed.includes(address) ?? false
  const added = settings.listed.filter((address) => !isKnown(address))
  const repriced = before?.oracle === settings.oracle ? added : settings.listed
  return [set(settings), ...due(...added.map(keys.token), ...repriced.map(keys.price))]
}

/** Settings and list; markets that are new in the list are due, and all prices where the oracle is another. */
export const readComptroller = (mirror: CompoundMirror): CompoundRead => {
  const { comptroller } = deploymentOf(mirror)
  return {
    key: keys.comptroller,
    calls: GETTERS.map(
      (functionName): ContractCall => ({
        to: comptroller,
        data: encodeFunctionData({ abi: comptrollerAbi, functionName }),
        gasMax: functionName === 'getAllMarkets' ? LIST_GAS_MAX : VIEW_GAS_MAX,
      }),
    ),
    decode: (results, _block, current) => decode(results, current),
  }
}
