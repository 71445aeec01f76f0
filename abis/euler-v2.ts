// Euler v2: signatures of exactly what is used, by the contracts of euler-xyz/euler-vault-kit@5b98b42 (src/EVault/IEVault.sol,
// src/EVault/shared/Events.sol, src/EVault/modules/Governance.sol, src/GenericFactory/GenericFactory.sol,
// src/InterestRateModels/IRMLinearKink.sol), euler-xyz/ethereum-vault-connector@34bb788 (src/EthereumVaultConnector.sol,
// src/Events.sol) and euler-xyz/euler-price-oracle@18a3e34 (src/EulerRouter.sol, src/adapter).
import { parseAbi } from 'viem'

/** Ethereum Vault Connector. */
export const evcAbi = parseAbi([
  'event ControllerStatus(address indexed account, address indexed controller, bool enabled)',
  'event AccountStatusCheck(address indexed account, address indexed controller)',
  'event CollateralStatus(address indexed account, address indexed collateral, bool enabled)',
  'function getControllers(address account) view returns (address[])',
  'function getCollaterals(address account) view returns (address[])',
  'function getAccountOwner(address account) view returns (address)',
  'function getLastAccountStatusCheckTimestamp(address account) view returns (uint256)',
  'function enableController(address account, address vault) payable',
  'function enableCollateral(address account, address vault) payable',
  'struct BatchItem { address targetContract; address onBehalfOfAccount; uint256 value; bytes data; }',
  'function batch(BatchItem[] items) payable',
])

/** GenericFactory. */
export const factoryAbi = parseAbi([
  'event SetImplementation(address indexed newImplementation)',
  'function isProxy(address proxy) view returns (bool)',
  'function implementation() view returns (address)',
])

/** EVault. */
export const vaultAbi = parseAbi([
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'event VaultStatus(uint256 totalShares, uint256 totalBorrows, uint256 accumulatedFees, uint256 cash, uint256 interestAccumulator, uint256 interestRate, uint256 timestamp)',
  'event Borrow(address indexed account, uint256 assets)',
  'event Repay(address indexed account, uint256 assets)',
  'event InterestAccrued(address indexed account, uint256 assets)',
  'event Liquidate(address indexed liquidator, address indexed violator, address collateral, uint256 repayAssets, uint256 yieldBalance)',
  'event GovSetLTV(address indexed collateral, uint16 borrowLTV, uint16 liquidationLTV, uint16 initialLiquidationLTV, uint48 targetTimestamp, uint32 rampDuration)',
  'event GovSetInterestRateModel(address newInterestRateModel)',
  'event GovSetMaxLiquidationDiscount(uint16 newDiscount)',
  'event GovSetLiquidationCoolOffTime(uint16 newCoolOffTime)',
  'event GovSetHookConfig(address indexed newHookTarget, uint32 newHookedOps)',
  'event GovSetConfigFlags(uint32 newConfigFlags)',
  'event GovSetCaps(uint16 newSupplyCap, uint16 newBorrowCap)',
  'event GovSetInterestFee(uint16 newFee)',
  'function asset() view returns (address)',
  'function oracle() view returns (address)',
  'function unitOfAccount() view returns (address)',
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function balanceOf(address account) view returns (uint256)',
  'function convertToAssets(uint256 shares) view returns (uint256)',
  'function cash() view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function totalBorrowsExact() view returns (uint256)',
  'function accumulatedFees() view returns (uint256)',
  'function interestAccumulator() view returns (uint256)',
  'function interestRate() view returns (uint256)',
  'function debtOf(address account) view returns (uint256)',
  'function debtOfExact(address account) view returns (uint256)',
  'function maxLiquidationDiscount() view returns (uint16)',
  'function liquidationCoolOffTime() view returns (uint16)',
  'function configFlags() view returns (uint32)',
  'function hookConfig() view returns (address hookTarget, uint32 hookedOps)',
  'function interestFee() view returns (uint16)',
  'function interestRateModel() view returns (address)',
  'function caps() view returns (uint16 supplyCap, uint16 borrowCap)',
  'function LTVList() view returns (address[])',
  'function LTVFull(address collateral) view returns (uint16 borrowLTV, uint16 liquidationLTV, uint16 initialLiquidationLTV, uint48 targetTimestamp, uint32 rampDuration)',
  'function accountLiquidityFull(address account, bool liquidation) view returns (address[] collaterals, uint256[] collateralValues, uint256 liabilityValue)',
  'function checkLiquidation(address liquidator, address violator, address collateral) view returns (uint256 maxRepay, uint256 maxYield)',
  'function liquidate(address violator, address collateral, uint256 repayAssets, uint256 minYieldBalance)',
  'error E_LiquidationCoolOff()',
  'error E_NoLiability()',
  'error E_NotController()',
])

/** IRMLinearKink. */
export const rateModelAbi = parseAbi([
  'function baseRate() view returns (uint256)',
  'function slope1() view returns (uint256)',
  'function slope2() view returns (uint256)',
  'function kink() view returns (uint256)',
  'function computeInterestRateView(address vault, uint256 cash, uint256 borrows) view returns (uint256)',
])

/** EulerRouter and the adapters whose wiring is known; each has some of these. */
export const oracleAbi = parseAbi([
  'event ConfigSet(address indexed asset0, address indexed asset1, address indexed oracle)',
  'event FallbackOracleSet(address indexed fallbackOracle)',
  'event ResolvedVaultSet(address indexed vault, address indexed asset)',
  'function name() view returns (string)',
  'function getConfiguredOracle(address base, address quote) view returns (address)',
  'function resolvedVaults(address vault) view returns (address)',
  'function fallbackOracle() view returns (address)',
  'function base() view returns (address)',
  'function quote() view returns (address)',
  'function cross() view returns (address)',
  'function oracleBaseCross() view returns (address)',
  'function oracleCrossQuote() view returns (address)',
  'function feed() view returns (address)',
  'function maxStaleness() view returns (uint256)',
  'function rate() view returns (uint256)',
  'function getQuote(uint256 inAmount, address base, address quote) view returns (uint256)',
  'function getQuotes(uint256 inAmount, address base, address quote) view returns (uint256 bidOutAmount, uint256 askOutAmount)',
])

/** A Chainlink feed. */
export const feedAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])
