// Exactly what is used of Aave v4. Taken from the interfaces of aave/aave-v4 at 5f0e7cbd (ISpoke, IHub, IHubBase,
// IAaveOracle, IAssetInterestRateStrategy; SPOKE_REVISION and HUB_REVISION of SpokeInstance and HubInstance; Upgraded of
// the proxies), except UnsupportedLiquidationCall, with which another kind of spoke answers.
import { parseAbi } from 'viem'

export const spokeAbi = parseAbi([
  'struct LiquidationConfig { uint128 targetHealthFactor; uint64 healthFactorForMaxBonus; uint16 liquidationBonusFactor; }',
  'struct Reserve { address underlying; address hub; uint16 assetId; uint8 decimals; uint24 collateralRisk; uint8 flags; uint32 dynamicConfigKey; }',
  'struct ReserveConfig { uint24 collateralRisk; bool paused; bool frozen; bool borrowable; bool receiveSharesEnabled; }',
  'struct DynamicReserveConfig { uint16 collateralFactor; uint32 maxLiquidationBonus; uint16 liquidationFee; }',
  'struct UserPosition { uint120 drawnShares; uint120 premiumShares; int200 premiumOffsetRay; uint120 suppliedShares; uint32 dynamicConfigKey; }',
  'struct UserAccountData { uint256 riskPremium; uint256 avgCollateralFactor; uint256 healthFactor; uint256 totalCollateralValue; uint256 totalDebtValueRay; uint256 activeCollateralCount; uint256 borrowCount; }',
  'struct PremiumDelta { int256 sharesDelta; int256 offsetRayDelta; uint256 restoredPremiumRay; }',
  'function SPOKE_REVISION() view returns (uint64)',
  'function ORACLE() view returns (address)',
  'function MAX_USER_RESERVES_LIMIT() view returns (uint16)',
  'function getReserveCount() view returns (uint256)',
  'function getLiquidationConfig() view returns (LiquidationConfig)',
  'function getReserve(uint256 reserveId) view returns (Reserve)',
  'function getDynamicReserveConfig(uint256 reserveId, uint32 dynamicConfigKey) view returns (DynamicReserveConfig)',
  'function getUserPosition(uint256 reserveId, address user) view returns (UserPosition)',
  'function getUserReserveStatus(uint256 reserveId, address user) view returns (bool isUsingAsCollateral, bool isBorrowing)',
  'function getUserLastRiskPremium(address user) view returns (uint256)',
  'function getUserAccountData(address user) view returns (UserAccountData)',
  'function getUserSuppliedAssets(uint256 reserveId, address user) view returns (uint256)',
  'function getUserTotalDebt(uint256 reserveId, address user) view returns (uint256)',
  'function liquidationCall(uint256 collateralReserveId, uint256 debtReserveId, address user, uint256 debtToCover, bool receiveShares)',
  'event Upgraded(address indexed implementation)',
  'event UpdateLiquidationConfig(LiquidationConfig config)',
  'event AddReserve(uint256 indexed reserveId, uint256 indexed assetId, address indexed hub)',
  'event UpdateReserveConfig(uint256 indexed reserveId, ReserveConfig config)',
  'event AddDynamicReserveConfig(uint256 indexed reserveId, uint32 indexed dynamicConfigKey, DynamicReserveConfig config)',
  'event UpdateDynamicReserveConfig(uint256 indexed reserveId, uint32 indexed dynamicConfigKey, DynamicReserveConfig config)',
  'event Supply(uint256 indexed reserveId, address indexed caller, address indexed user, uint256 suppliedShares, uint256 suppliedAmount)',
  'event Withdraw(uint256 indexed reserveId, address indexed caller, address indexed user, uint256 withdrawnShares, uint256 withdrawnAmount)',
  'event Borrow(uint256 indexed reserveId, address indexed caller, address indexed user, uint256 drawnShares, uint256 drawnAmount)',
  'event Repay(uint256 indexed reserveId, address indexed caller, address indexed user, uint256 drawnShares, uint256 totalAmountRepaid, PremiumDelta premiumDelta)',
  'event LiquidationCall(uint256 indexed collateralReserveId, uint256 indexed debtReserveId, address indexed user, address liquidator, bool receiveShares, uint256 debtAmountRestored, uint256 drawnSharesLiquidated, PremiumDelta premiumDelta, uint256 collateralAmountRemoved, uint256 collateralSharesLiquidated, uint256 collateralSharesToLiquidator)',
  'event ReportDeficit(uint256 indexed reserveId, address indexed user, uint256 drawnShares, PremiumDelta premiumDelta)',
  'event SetUsingAsCollateral(uint256 indexed reserveId, address indexed caller, address indexed user, bool usingAsCollateral)',
  'event UpdateUserRiskPremium(address indexed user, uint256 riskPremium)',
  'event RefreshAllUserDynamicConfig(address indexed user)',
  'event RefreshSingleUserDynamicConfig(address indexed user, uint256 reserveId)',
  'event RefreshPremiumDebt(uint256 indexed reserveId, address indexed user, PremiumDelta premiumDelta)',
  'error ReserveNotListed()',
  'error ReservePaused()',
  'error ReserveNotSupplied()',
  'error ReserveNotBorrowed()',
  'error HealthFactorNotBelowThreshold()',
  'error UnsupportedLiquidationCall()',
])

export const hubAbi = parseAbi([
  'struct Asset { uint120 liquidity; uint120 realizedFees; uint8 decimals; uint120 addedShares; uint120 swept; int200 premiumOffsetRay; uint120 drawnShares; uint120 premiumShares; uint16 liquidityFee; uint120 drawnIndex; uint96 drawnRate; uint40 lastUpdateTimestamp; address underlying; address irStrategy; address reinvestmentController; address feeReceiver; uint200 deficitRay; }',
  'struct AssetConfig { address feeReceiver; uint16 liquidityFee; address irStrategy; address reinvestmentController; }',
  'struct SpokeData { uint120 drawnShares; uint120 premiumShares; int200 premiumOffsetRay; uint120 addedShares; uint40 addCap; uint40 drawCap; uint24 riskPremiumThreshold; bool active; bool halted; uint200 deficitRay; }',
  'struct SpokeConfig { uint40 addCap; uint40 drawCap; uint24 riskPremiumThreshold; bool active; bool halted; }',
  'struct PremiumDelta { int256 sharesDelta; int256 offsetRayDelta; uint256 restoredPremiumRay; }',
  'function HUB_REVISION() view returns (uint64)',
  'function getAsset(uint256 assetId) view returns (Asset)',
  'function getSpoke(uint256 assetId, address spoke) view returns (SpokeData)',
  'event Upgraded(address indexed implementation)',
  'event UpdateAsset(uint256 indexed assetId, uint256 drawnIndex, uint256 drawnRate, uint256 accruedFees)',
  'event UpdateAssetConfig(uint256 indexed assetId, AssetConfig config)',
  'event UpdateSpokeConfig(uint256 indexed assetId, address indexed spoke, SpokeConfig config)',
  'event MintFeeShares(uint256 indexed assetId, address indexed feeReceiver, uint256 shares, uint256 assets)',
  'event EliminateDeficit(uint256 indexed assetId, address indexed callerSpoke, address indexed coveredSpoke, uint256 shares, uint256 deficitAmountRay)',
  'event Add(uint256 indexed assetId, address indexed spoke, uint256 shares, uint256 amount)',
  'event Remove(uint256 indexed assetId, address indexed spoke, uint256 shares, uint256 amount)',
  'event Draw(uint256 indexed assetId, address indexed spoke, uint256 drawnShares, uint256 drawnAmount)',
  'event Restore(uint256 indexed assetId, address indexed spoke, uint256 drawnShares, PremiumDelta premiumDelta, uint256 drawnAmount, uint256 premiumAmount)',
  'event RefreshPremium(uint256 indexed assetId, address indexed spoke, PremiumDelta premiumDelta)',
  'event ReportDeficit(uint256 indexed assetId, address indexed spoke, uint256 drawnShares, PremiumDelta premiumDelta, uint256 deficitAmountRay)',
  'event TransferShares(uint256 indexed assetId, address indexed sender, address indexed receiver, uint256 shares)',
])

export const strategyAbi = parseAbi([
  'struct InterestRateData { uint16 optimalUsageRatio; uint32 baseDrawnRate; uint32 rateGrowthBeforeOptimal; uint32 rateGrowthAfterOptimal; }',
  'function getInterestRateData(uint256 assetId) view returns (InterestRateData)',
])

export const oracleAbi = parseAbi([
  'function getReservePrice(uint256 reserveId) view returns (uint256)',
  'error InvalidSource(uint256 reserveId)',
  'error InvalidPrice(uint256 reserveId)',
])

export const erc20Abi = parseAbi(['function symbol() view returns (string)'])
