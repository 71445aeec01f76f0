// Recorded states of the golden vectors as this adapter sees them.
import { type Address, getAddress, keccak256, slice, toHex, zeroAddress } from 'viem'
import type { PriceKey, PriceReading } from '../../../model/price.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import { standIns, type VectorFile, type World } from '../../vectors.ts'
import { accrue, debtUp, toAssetsDown } from '../accrual.ts'
import { feedKeyOf, quoteKeyOf, type Route, type Side } from '../oracle/route.ts'
import type { RateModel } from '../rate-model.ts'
import type { Controller, EulerPosition, LtvConfig, VaultConfig, VaultStatus } from '../state.ts'

/** A recorded name as an address. */
export const addressOf = standIns((name: string) => getAddress(slice(keccak256(toHex(name)), 0, 20)))

export const UNIT = addressOf('unit of account')
const ORACLE = addressOf('router')
const EVC = addressOf('evc')
const identityOf = (market: string) => ({ chainId: 1, protocol: 'euler-v2', deployment: 'vectors', market })

export type EulerWorld = World<Controller, EulerPosition> & { readonly file: VectorFile }

const statusOf = (state: VectorFile): VaultStatus => ({
  lastInterestAccumulatorUpdate: Number(state['lastInterestAccumulatorUpdate']),
  cash: BigInt(state['cash']),
  totalBorrows: BigInt(state['totalBorrows']),
  totalShares: BigInt(state['totalShares']),
  accumulatedFees: BigInt(state['accumulatedFees']),
  interestAccumulator: BigInt(state['interestAccumulator']),
  interestRate: BigInt(state['interestRate']),
})

/** A model with a fixed rate, or none, keeps the rate that the vault has. */
const rateModelOf = (irm: VectorFile | null): RateModel =>
  irm && 'kink' in irm
    ? {
        kind: 'linear-kink',
        baseRate: BigInt(irm['baseRate']),
        slope1: BigInt(irm['slope1']),
        slope2: BigInt(irm['slope2']),
        kink: BigInt(irm['kink']),
      }
    : { kind: 'held' }

const configOf = (state: VectorFile, { irm }: VectorFile): VaultConfig => ({
  maxLiquidationDiscount: BigInt(state['maxLiquidationDiscount']),
  liquidationCoolOffTime: Number(state['liquidationCoolOffTime']),
  configFlags: BigInt(state['configFlags']),
  hookTarget: zeroAddress,
  hookedOps: BigInt(state['hookedOps']),
  interestFee: BigInt(state['interestFee']),
  supplyCap: UINT256_MAX,
  borrowCap: UINT256_MAX,
  interestRateModel: zeroAddress,
  rateModel: rateModelOf(irm),
})

export const ltvOf = (ltv: VectorFile): LtvConfig => ({
  borrowLTV: BigInt(ltv['borrowLTV']),
  liquidationLTV: BigInt(ltv['liquidationLTV']),
  initialLiquidationLTV: BigInt(ltv['initialLiquidationLTV']),
  targetTimestamp: Number(ltv['targetTimestamp']),
  rampDuration: Number(ltv['rampDuration']),
})

const feedOf = (asset: string, leg: number): Address => addressOf(`feed ${leg} of ${asset}`)

const chainlinkRoute = (asset: string, leg: number, recorded: VectorFile): Route => ({
  kind: 'chainlink',
  oracle: addressOf(`adapter ${leg} of ${asset}`),
  base: addressOf(asset),
  quote: UNIT,
  feed: feedOf(asset, leg),
  maxStaleness: BigInt(recorded['maxStaleness']),
  priceScale: 10n ** BigInt(recorded['quoteDecimals']),
  feedScale: 10n ** (BigInt(recorded['feedDecimals']) + BigInt(recorded['baseDecimals'])),
  isInverse: false,
})

const assetRoute = (asset: string, recorded: VectorFile): Route => {
  switch (recorded['adapter']) {
    case 'identity':
      return { kind: 'identity' }
    case 'chainlink':
      return chainlinkRoute(asset, 0, recorded)
    case 'cross': {
      const [first, second] = recorded['legs']
      return {
        kind: 'cross',
        oracle: addressOf(`cross of ${asset}`),
        base: addressOf(asset),
        quote: UNIT,
        first: chainlinkRoute(asset, 0, first),
        second: chainlinkRoute(asset, 1, second),
      }
    }
    case 'spread': {
      const base = addressOf(asset)
      return { kind: 'observed', oracle: addressOf(`spread of ${asset}`), base, quote: UNIT, sample: 1n }
    }
    default:
      throw new Error(`oracles of kind ${recorded['adapter']} are not known`)
  }
}

const chainlinkReading = (
  asset: string,
  leg: number,
  recorded: VectorFile,
  timestamp: number,
): PriceReading => ({
  kind: 'price',
  key: feedKeyOf(feedOf(asset, leg)),
  price: BigInt(recorded['answer']),
  scale: 10n ** BigInt(recorded['feedDecimals']),
  updatedAt: recorded['updatedAt'] === '0' ? timestamp : Number(recorded['updatedAt']),
  source: asset,
})

/** Mode 1 answers the same whatever the amount: a reading of just the amount that is asked about. */
const spreadReadings = (asset: string, recorded: VectorFile, amount: bigint): readonly PriceReading[] =>
  (['mid', 'bid', 'ask'] as const satisfies readonly Side[]).map((side): PriceReading => {
    const key = quoteKeyOf(addressOf(`spread of ${asset}`), addressOf(asset), UNIT, side)
    if (recorded['mode'] === '2') return { kind: 'failed', key, error: 'reverted: PriceUnavailable' }
    const scale = recorded['mode'] === '1' ? amount : BigInt(recorded['scale'])
    return {
      kind: 'price',
      key,
      price: BigInt(recorded[side]),
      scale: scale === 0n ? 1n : scale,
      source: asset,
    }
  })

const readingsOf = (asset: string, recorded: VectorFile, timestamp: number, amount: bigint) => {
  if (recorded['adapter'] === 'chainlink') return [chainlinkReading(asset, 0, recorded, timestamp)]
  if (recorded['adapter'] === 'cross')
    return recorded['legs'].map((leg: VectorFile, index: number) =>
      chainlinkReading(asset, index, leg, timestamp),
    )
  return recorded['adapter'] === 'spread' ? spreadReadings(asset, recorded, amount) : []
}

/** Every vault of a recorded state, as of its last write. */
export const vaultsOf = (
  file: VectorFile,
  tables: { readonly vaultState: number; readonly ltvConfig: number; readonly oracle: number },
): ReadonlyMap<string, Controller> => {
  const state = file['vaultStates'][tables.vaultState]
  const ltvs = file['ltvConfigs'][tables.ltvConfig]
  const oracle = file['oracles'][tables.oracle]
  const assetOf = (vault: VectorFile): Address =>
    vault['assetIsUnitOfAccount'] ? UNIT : addressOf(vault['asset'])
  const tokenOf = (name: string) => ({ symbol: name, decimals: Number(file['vaults'][name].decimals) })
  const vaultRoutes = Object.entries<VectorFile>(file['vaults']).map(
    ([name, vault]): readonly [Address, Route] => {
      const next = assetRoute(vault['asset'], oracle[vault['asset']])
      const asset = addressOf(vault['asset'])
      return [addressOf(name), { kind: 'vault', vault: addressOf(name), asset, next }]
    },
  )
  return new Map(
    Object.entries<VectorFile>(file['vaults']).map(([name, vault]): readonly [string, Controller] => {
      const own = Object.entries<VectorFile>(ltvs[name] ?? {})
      const collaterals = own.map(
        ([collateral, ltv]) =>
          [addressOf(collateral), { token: tokenOf(collateral), isVault: true, ltv: ltvOf(ltv) }] as const,
      )
      return [
        addressOf(name),
        {
          id: identityOf(addressOf(name)),
          label: name,
          quote: { symbol: file['unitOfAccount'].name, decimals: Number(file['unitOfAccount'].decimals) },
          revision: '1',
          revisionRaw: '1',
          fidelity: 'exact',
          evc: EVC,
          identity: {
            asset: assetOf(vault),
            oracle: ORACLE,
            unitOfAccount: UNIT,
            token: tokenOf(name),
            assetToken: { ...tokenOf(name), symbol: vault['asset'] },
          },
          config: configOf(state[name], vault),
          status: statusOf(state[name]),
          collaterals: Object.fromEntries(collaterals),
          routes: {
            ...Object.fromEntries(vaultRoutes),
            [assetOf(vault)]: assetRoute(vault['asset'], oracle[vault['asset']]),
          },
        },
      ]
    }),
  )
}

/** A recorded account; one without a controller is in no market. */
export const positionOf = (name: string, account: VectorFile): EulerPosition => {
  const [controller] = account['controllers']
  const balances = Object.entries<string>(account['balances'])
  return {
    id: { ...identityOf(controller ? addressOf(controller) : ''), account: addressOf(name) },
    owner: addressOf(name),
    asOf: 0n,
    collaterals: account['collaterals'].map(addressOf),
    balances: Object.fromEntries(balances.map(([vault, balance]) => [addressOf(vault), BigInt(balance)])),
    owed: BigInt(account['owed']),
    interestAccumulator: BigInt(account['interestAccumulator']),
    lastAccountStatusCheck: Number(account['lastAccountStatusCheckTimestamp'] ?? 0),
  }
}

/** How much of a vault's asset this account owes or holds, which is what its oracle is asked about. */
const amountOf = (vault: Controller, position: EulerPosition, timestamp: number): bigint => {
  const { status, id } = accrue(vault, timestamp)
  if (id.market === position.id.market) return debtUp(position, status.interestAccumulator)
  return toAssetsDown(position.balances[id.market as Address] ?? 0n, status)
}

/** The env of a recorded state for one account. */
export const envOf = (
  file: VectorFile,
  oracle: number,
  vaults: ReadonlyMap<string, Controller>,
  position: EulerPosition,
  timestamp: number,
): Env => {
  const recorded = Object.entries<VectorFile>(file['vaults'])
  const readings = recorded.flatMap(([name, { asset }]): readonly PriceReading[] => {
    const vault = vaults.get(addressOf(name))
    return vault
      ? readingsOf(asset, file['oracles'][oracle][asset], timestamp, amountOf(vault, position, timestamp))
      : []
  })
  const prices = new Map<PriceKey, PriceReading>(readings.map((reading) => [reading.key, reading]))
  return {
    block: { chainId: 1, number: 1n, hash: '0x', timestamp },
    timestamp,
    prices: (key) => prices.get(key),
    markets: (name) => vaults.get(name),
    debtInFront: () => null,
    quotes: () => null,
  }
}
