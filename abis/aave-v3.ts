// Exactly what is used of Aave v3.0 to 3.7. Taken from the interfaces of npm @aave/core-v3 1.19.3 (IPool,
// IPoolConfigurator, IPoolAddressesProvider, IAaveOracle, IPriceOracleSentinel, IAToken, IScaledBalanceToken,
// IStableDebtToken) and, for what later revisions added, of aave-dao/aave-v3-origin (tags v3.1.0 to v3.6.0, main fd1fbd91
// for 3.7); GHO's own functions from aave/gho-core (IGhoVariableDebtToken).
import { parseAbi } from 'viem'

export const providerAbi = parseAbi([
  'function getPool() view returns (address)',
  'function getPoolConfigurator() view returns (address)',
  'function getPriceOracle() view returns (address)',
  'function getPriceOracleSentinel() view returns (address)',
  'event PoolUpdated(address indexed oldAddress, address indexed newAddress)',
  'event PoolConfiguratorUpdated(address indexed oldAddress, address indexed newAddress)',
  'event PriceOracleUpdated(address indexed oldAddress, address indexed newAddress)',
  'event PriceOracleSentinelUpdated(address indexed oldAddress, address indexed newAddress)',
])

export const poolAbi = parseAbi([
  'struct ReserveData { uint256 configuration; uint128 liquidityIndex; uint128 currentLiquidityRate; uint128 variableBorrowIndex; uint128 currentVariableBorrowRate; uint128 currentStableBorrowRate; uint40 lastUpdateTimestamp; uint16 id; address aTokenAddress; address stableDebtTokenAddress; address variableDebtTokenAddress; address interestRateStrategyAddress; uint128 accruedToTreasury; uint128 unbacked; uint128 isolationModeTotalDebt; }',
  'struct EModeCategory { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; address priceSource; string label; }',
  'function POOL_REVISION() view returns (uint256)',
  'function getReservesList() view returns (address[])',
  'function getReserveData(address asset) view returns (ReserveData)',
  'function getEModeCategoryData(uint8 id) view returns (EModeCategory)',
  'function getUserConfiguration(address user) view returns (uint256)',
  'function getUserEMode(address user) view returns (uint256)',
  'function getUserAccountData(address user) view returns (uint256 totalCollateralBase, uint256 totalDebtBase, uint256 availableBorrowsBase, uint256 currentLiquidationThreshold, uint256 ltv, uint256 healthFactor)',
  'event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)',
  'event SwapBorrowRateMode(address indexed reserve, address indexed user, uint8 interestRateMode)',
  'event RebalanceStableBorrowRate(address indexed reserve, address indexed user)',
  'event UserEModeSet(address indexed user, uint8 categoryId)',
  'event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)',
  'event ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)',
  'event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)',
  'event MintedToTreasury(address indexed reserve, uint256 amountMinted)',
  'event IsolationModeTotalDebtUpdated(address indexed asset, uint256 totalDebt)',
  'event DeficitCreated(address indexed user, address indexed debtAsset, uint256 amountCreated)',
  'event DeficitCovered(address indexed reserve, address caller, uint256 amountCovered)',
  'function liquidationCall(address collateralAsset, address debtAsset, address user, uint256 debtToCover, bool receiveAToken)',
  'event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)',
])

/** Functions of the pool that later revisions brought: which of them it has is part of what identifies a revision. */
export const laterPoolAbi = parseAbi([
  'struct CollateralConfig { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; }',
  'function getLiquidationGracePeriod(address asset) view returns (uint40)',
  'function getVirtualUnderlyingBalance(address asset) view returns (uint128)',
  'function getEModeCategoryCollateralConfig(uint8 id) view returns (CollateralConfig)',
  'function getEModeCategoryLabel(uint8 id) view returns (string)',
  'function getEModeCategoryCollateralBitmap(uint8 id) view returns (uint128)',
  'function getEModeCategoryBorrowableBitmap(uint8 id) view returns (uint128)',
  'function getReserveDeficit(address asset) view returns (uint256)',
  'function RESERVE_INTEREST_RATE_STRATEGY() view returns (address)',
  'function getEModeCategoryLtvzeroBitmap(uint8 id) view returns (uint128)',
  'function getIsEModeCategoryIsolated(uint8 id) view returns (bool)',
])

export const configuratorAbi = parseAbi([
  'event ReserveInitialized(address indexed asset, address indexed aToken, address stableDebtToken, address variableDebtToken, address interestRateStrategyAddress)',
  'event CollateralConfigurationChanged(address indexed asset, uint256 ltv, uint256 liquidationThreshold, uint256 liquidationBonus)',
  'event ReserveBorrowing(address indexed asset, bool enabled)',
  'event ReserveStableRateBorrowing(address indexed asset, bool enabled)',
  'event ReserveActive(address indexed asset, bool active)',
  'event ReserveFrozen(address indexed asset, bool frozen)',
  'event ReservePaused(address indexed asset, bool paused)',
  'event ReserveDropped(address indexed asset)',
  'event ReserveFactorChanged(address indexed asset, uint256 oldReserveFactor, uint256 newReserveFactor)',
  'event SupplyCapChanged(address indexed asset, uint256 oldSupplyCap, uint256 newSupplyCap)',
  'event BorrowCapChanged(address indexed asset, uint256 oldBorrowCap, uint256 newBorrowCap)',
  'event DebtCeilingChanged(address indexed asset, uint256 oldDebtCeiling, uint256 newDebtCeiling)',
  'event BorrowableInIsolationChanged(address asset, bool borrowable)',
  'event SiloedBorrowingChanged(address indexed asset, bool oldState, bool newState)',
  'event LiquidationGracePeriodChanged(address indexed asset, uint40 gracePeriodUntil)',
  'event LiquidationGracePeriodDisabled(address indexed asset)',
  'event ReserveInterestRateStrategyChanged(address indexed asset, address oldStrategy, address newStrategy)',
  'event LiquidationProtocolFeeChanged(address indexed asset, uint256 oldFee, uint256 newFee)',
  'event EModeAssetCategoryChanged(address indexed asset, uint8 oldCategoryId, uint8 newCategoryId)',
  'event EModeCategoryAdded(uint8 indexed categoryId, uint256 ltv, uint256 liquidationThreshold, uint256 liquidationBonus, address oracle, string label)',
  'event AssetCollateralInEModeChanged(address indexed asset, uint8 categoryId, bool collateral)',
  'event AssetBorrowableInEModeChanged(address indexed asset, uint8 categoryId, bool borrowable)',
  'event AssetLtvzeroInEModeChanged(address indexed asset, uint8 categoryId, bool ltvzero)',
  'event EModeCategoryIsolationChanged(uint8 indexed categoryId, bool isolated)',
  'event ATokenUpgraded(address indexed asset, address indexed proxy, address indexed implementation)',
  'event StableDebtTokenUpgraded(address indexed asset, address indexed proxy, address indexed implementation)',
  'event VariableDebtTokenUpgraded(address indexed asset, address indexed proxy, address indexed implementation)',
])

export const oracleAbi = parseAbi([
  'function BASE_CURRENCY() view returns (address)',
  'function BASE_CURRENCY_UNIT() view returns (uint256)',
  'function getAssetPrice(address asset) view returns (uint256)',
  'function getSourceOfAsset(address asset) view returns (address)',
  'event AssetSourceUpdated(address indexed asset, address indexed source)',
])

export const sentinelAbi = parseAbi([
  'function isBorrowAllowed() view returns (bool)',
  'function isLiquidationAllowed() view returns (bool)',
])

/** aToken and variable debt token. */
export const scaledTokenAbi = parseAbi([
  'function scaledBalanceOf(address user) view returns (uint256)',
  'function scaledTotalSupply() view returns (uint256)',
  'event Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)',
  'event BalanceTransfer(address indexed from, address indexed to, uint256 value, uint256 index)',
])

export const stableDebtTokenAbi = parseAbi([
  'function principalBalanceOf(address user) view returns (uint256)',
  'function getUserStableRate(address user) view returns (uint256)',
  'function getUserLastUpdated(address user) view returns (uint40)',
  'function getSupplyData() view returns (uint256 principal, uint256 total, uint256 averageRate, uint40 timestamp)',
  'event Mint(address indexed user, address indexed onBehalfOf, uint256 amount, uint256 currentBalance, uint256 balanceIncrease, uint256 newRate, uint256 avgStableRate, uint256 newTotalSupply)',
  'event Burn(address indexed from, uint256 amount, uint256 currentBalance, uint256 balanceIncrease, uint256 avgStableRate, uint256 newTotalSupply)',
])

/** GHO's variable debt token until 3.3. */
export const discountTokenAbi = parseAbi([
  'function getDiscountPercent(address user) view returns (uint256)',
  'function getPreviousIndex(address user) view returns (uint256)',
  'event DiscountPercentUpdated(address indexed user, uint256 oldDiscountPercent, uint256 indexed newDiscountPercent)',
])
