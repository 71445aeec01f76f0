// What a vault is, and what its governor set.
import { type Address, erc20Abi, zeroAddress } from 'viem'
import { factoryAbi, vaultAbi } from '../../../../abis/euler-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault, Quote } from '../../../model/market.ts'
import { answerOf, faultAmong, symbolOf } from '../../answers.ts'
import { due, retry } from '../../changing.ts'
import { CURRENCY_DECIMALS, currencyOf } from '../currency.ts'
import { withFidelity } from '../fidelity.ts'
import { keys } from '../keys.ts'
import { capOf } from '../math.ts'
import {
  deploymentOf,
  type EulerChange,
  type EulerMarket,
  type EulerMirror,
  type EulerRead,
  type VaultConfig,
  type VaultIdentity,
} from '../state.ts'
import { immutableOf, isProxyCall, short, updateVault, viewOf, withPart } from './calls.ts'

const CONFIG_VIEWS = [
  'maxLiquidationDiscount',
  'liquidationCoolOffTime',
  'configFlags',
  'hookConfig',
  'interestFee',
  'caps',
  'interestRateModel',
] as const

const IDENTITY_VIEWS = ['asset', 'oracle', 'unitOfAccount', 'symbol', 'decimals'] as const

const REVISION = '1'

/** A vault of which nothing is known yet. */
const unknownVault = (mirror: EulerMirror, vault: Address): EulerMarket => {
  const { chainId, protocol, deployment, evc } = deploymentOf(mirror)
  return {
    id: { chainId, protocol, deployment, market: vault },
    label: short(vault),
    quote: { symbol: '', decimals: CURRENCY_DECIMALS },
    revision: REVISION,
    revisionRaw: zeroAddress,
    fidelity: 'exact',
    evc,
  }
}

const identityIn = (results: readonly CallResult[]): VaultIdentity | Fault => {
  const asset = answerOf(vaultAbi, 'asset', results[0])
  const oracle = answerOf(vaultAbi, 'oracle', results[1])
  const unitOfAccount = answerOf(vaultAbi, 'unitOfAccount', results[2])
  const decimals = answerOf(vaultAbi, 'decimals', results[4])
  if (!asset.ok || !oracle.ok || !unitOfAccount.ok || !decimals.ok)
    return faultAmong(asset, oracle, unitOfAccount, decimals) as Fault
  const symbol = symbolOf(answerOf(vaultAbi, 'symbol', results[3]), results[3])
  return {
    asset: asset.value,
    oracle: oracle.value,
    unitOfAccount: unitOfAccount.value,
    token: { symbol: symbol ?? '', decimals: decimals.value },
    assetToken: { symbol: short(asset.value), decimals: decimals.value },
  }
}

/** The configuration; the model of rates is what is known of it, where it is still the same contract. */
const configIn = (results: readonly CallResult[], known: VaultConfig | undefined): VaultConfig | Fault => {
  const discount = answerOf(vaultAbi, 'maxLiquidationDiscount', results[0])
  const coolOff = answerOf(vaultAbi, 'liquidationCoolOffTime', results[1])
  const flags = answerOf(vaultAbi, 'configFlags', results[2])
  const hooks = answerOf(vaultAbi, 'hookConfig', results[3])
  const fee = answerOf(vaultAbi, 'interestFee', results[4])
  const caps = answerOf(vaultAbi, 'caps', results[5])
  const model = answerOf(vaultAbi, 'interestRateModel', results[6])
  if (!discount.ok || !coolOff.ok || !flags.ok || !hooks.ok || !fee.ok || !caps.ok || !model.ok)
    return faultAmong(discount, coolOff, flags, hooks, fee, caps, model) as Fault
  return {
    maxLiquidationDiscount: BigInt(discount.value),
    liquidationCoolOffTime: coolOff.value,
    configFlags: BigInt(flags.value),
    hookTarget: hooks.value[0],
    hookedOps: BigInt(hooks.value[1]),
    interestFee: BigInt(fee.value),
    supplyCap: capOf(caps.value[0]),
    borrowCap: capOf(caps.value[1]),
    interestRateModel: model.value,
    rateModel: known?.interestRateModel === model.value ? known.rateModel : { kind: 'held' },
  }
}

const decode = (
  vault: Address,
  isKnown: boolean,
  results: readonly CallResult[],
  mirror: EulerMirror,
): readonly EulerChange[] => {
  const market = mirror.markets.get(vault)
  const isProxy = answerOf(factoryAbi, 'isProxy', results[0])
  if (isProxy.ok && !isProxy.value) return [{ kind: 'market', key: vault, next: () => undefined }]
  const implementation = answerOf(factoryAbi, 'implementation', results[1])
  const config = configIn(results.slice(2), market?.config)
  const identity = isKnown ? market?.identity : identityIn(results.slice(2 + CONFIG_VIEWS.length))
  const next = (current: EulerMarket = unknownVault(mirror, vault)): EulerMarket => {
    const fault = isProxy.ok ? undefined : isProxy.fault
    if (fault || 'reason' in config || !identity || 'reason' in identity) {
      const why = [fault, config, identity].find((one): one is Fault => one !== undefined && 'reason' in one)
      return withPart(current, 'config', why ?? { reason: 'read-failed', detail: 'nothing was answered' })
    }
    return withFidelity(
      withPart(
        {
          ...current,
          label: identity.token.symbol || short(vault),
          quote: isKnown ? current.quote : (currencyOf(identity.unitOfAccount) ?? current.quote),
          revisionRaw: implementation.ok ? implementation.value : current.revisionRaw,
          identity,
          config,
        },
        'config',
        undefined,
      ),
    )
  }
  const after = next(market)
  if (after.fault?.reason === 'read-failed' && after.faults?.config)
    return [{ kind: 'market', key: vault, next }, retry(keys.config(vault))]
  const isNewModel = after.config?.interestRateModel !== market?.config?.interestRateModel
  return [
    { kind: 'market', key: vault, next },
    ...(isKnown ? [] : due(keys.tokens(vault))),
    ...(isKnown || !market?.collateralList ? [] : due(keys.routes(vault))),
    ...(isNewModel && after.config?.interestRateModel !== zeroAddress ? due(keys.rates(vault)) : []),
  ]
}

/** A vault's configuration, and what it is, as long as that is not known. */
export const readConfig = (mirror: EulerMirror, vault: Address): EulerRead => {
  const isKnown = mirror.markets.get(vault)?.identity !== undefined
  const { eVaultFactory } = deploymentOf(mirror)
  return {
    key: keys.config(vault),
    calls: [
      isProxyCall(mirror, vault),
      viewOf(eVaultFactory, { abi: factoryAbi, functionName: 'implementation' }),
      ...CONFIG_VIEWS.map((functionName) => viewOf(vault, { abi: vaultAbi, functionName })),
      ...(isKnown
        ? []
        : IDENTITY_VIEWS.map((functionName) => immutableOf(vault, { abi: vaultAbi, functionName }))),
    ],
    decode: (results, _block, current) => decode(vault, isKnown, results, current),
  }
}

/** Symbols of what a vault lends and counts in, for display; the decimals of a unit of account that is a token. */
export const readTokens = (mirror: EulerMirror, vault: Address): EulerRead | undefined => {
  const identity = mirror.markets.get(vault)?.identity
  if (!identity) return undefined
  const { asset, unitOfAccount } = identity
  const isCurrency = currencyOf(unitOfAccount) !== undefined
  return {
    key: keys.tokens(vault),
    calls: [
      immutableOf(asset, { abi: erc20Abi, functionName: 'symbol' }),
      ...(isCurrency
        ? []
        : (['symbol', 'decimals'] as const).map((functionName) =>
            immutableOf(unitOfAccount, { abi: erc20Abi, functionName }),
          )),
    ],
    decode: (results) => {
      const symbolAt = (index: number): string | undefined =>
        symbolOf(answerOf(erc20Abi, 'symbol', results[index]), results[index])
      const decimals = answerOf(erc20Abi, 'decimals', results[2])
      const quote: Quote | undefined = isCurrency
        ? undefined
        : {
            symbol: symbolAt(1) || short(unitOfAccount),
            decimals: decimals.ok ? decimals.value : CURRENCY_DECIMALS,
            asset: unitOfAccount,
          }
      return [
        updateVault(vault, (market) => ({
          ...market,
          quote: quote ?? market.quote,
          identity: {
            ...(market.identity ?? identity),
            assetToken: { ...identity.assetToken, symbol: symbolAt(0) || short(asset) },
          },
        })),
      ]
    },
  }
}
