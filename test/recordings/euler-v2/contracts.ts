// Contracts built elsewhere, and what is called of them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Abi,
  type Address,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  parseAbi,
} from 'viem'

export const CONTRACTS = [
  'euler-xyz/euler-vault-kit@5b98b42048ba11ae82fb62dfec06d1010c8e41e6',
  'euler-xyz/ethereum-vault-connector@34bb788288a0eb0fbba06bc370cb8ca3dd42614e',
  'euler-xyz/euler-price-oracle@18a3e34d516992b38797a1c61ebbf7dd8e957dcd',
].join(', ')

/** The creation code of a contract with its constructor's arguments. */
export const createCodes =
  (artifacts: string) =>
  (name: string, ...args: readonly unknown[]): Hex => {
    const { abi, bytecode } = JSON.parse(readFileSync(join(artifacts, `${name}.json`), 'utf8')) as {
      abi: Abi
      bytecode: Hex
    }
    return encodeDeployData({ abi, bytecode, args: args as unknown[] })
  }

export type Codes = ReturnType<typeof createCodes>

export const abi = parseAbi([
  'struct BatchItem { address targetContract; address onBehalfOfAccount; uint256 value; bytes data; }',
  'function batch(BatchItem[] items)',
  'function enableController(address account, address vault)',
  'function enableCollateral(address account, address vault)',
  'function disableCollateral(address account, address vault)',
  'function reorderCollaterals(address account, uint8 index1, uint8 index2)',
  'function setImplementation(address newImplementation)',
  'function createProxy(address desiredImplementation, bool upgradeable, bytes trailingData) returns (address)',
  'function getProxyListSlice(uint256 start, uint256 end) view returns (address[])',
  'function setHookConfig(address newHookTarget, uint32 newHookedOps)',
  'function setInterestRateModel(address newModel)',
  'function setMaxLiquidationDiscount(uint16 newDiscount)',
  'function setLiquidationCoolOffTime(uint16 newCoolOffTime)',
  'function setLTV(address collateral, uint16 borrowLTV, uint16 liquidationLTV, uint32 rampDuration)',
  'function setInterestFee(uint16 newFee)',
  'function setCaps(uint16 supplyCap, uint16 borrowCap)',
  'function setConfigFlags(uint32 newConfigFlags)',
  'function convertFees()',
  'function touch()',
  'function deposit(uint256 amount, address receiver)',
  'function withdraw(uint256 amount, address receiver, address owner)',
  'function redeem(uint256 amount, address receiver, address owner)',
  'function transfer(address to, uint256 amount)',
  'function borrow(uint256 amount, address receiver)',
  'function repay(uint256 amount, address receiver)',
  'function pullDebt(uint256 amount, address from)',
  'function disableController()',
  'function liquidate(address violator, address collateral, uint256 repayAssets, uint256 minYieldBalance)',
  'function checkLiquidation(address liquidator, address violator, address collateral) view returns (uint256 maxRepay, uint256 maxYield)',
  'function balanceOf(address account) view returns (uint256)',
  'function debtOf(address account) view returns (uint256)',
  'function cash() view returns (uint256)',
  'function mint(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function set(int256 answer)',
  'function setFails(bool fails)',
  'function govSetConfig(address base, address quote, address oracle)',
  'function govSetResolvedVault(address vault, bool set)',
  'function govSetFallbackOracle(address fallbackOracle)',
])

/** A call of any of these functions. */
export const encode = <TName extends ContractFunctionName<typeof abi>>(
  call: Omit<EncodeFunctionDataParameters<typeof abi, TName>, 'abi'>,
): Hex => encodeFunctionData({ abi, ...call } as EncodeFunctionDataParameters)

/** One step of a batch; without an account it is a call of the connector itself. */
export type Step = { readonly to: Address; readonly account?: Address; readonly data: Hex }

/** Constructor arguments of a vault and its modules. */
export const integrationsOf = (evc: Address, protocolConfig: Address, sequenceRegistry: Address) => {
  const none: Address = '0x0000000000000000000000000000000000000000'
  return { evc, protocolConfig, sequenceRegistry, balanceTracker: none, permit2: none }
}
