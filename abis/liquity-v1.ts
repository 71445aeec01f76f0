// Exactly what is used of Liquity v1 and Sovryn Zero, which names its debt token ZUSD where Liquity says LUSD. Taken from liquity/dev
// at 39f1f7f8 (contracts, also as of 5174ecd0) and from npm @sovryn-zero/contracts 0.4.0.
import { parseAbi } from 'viem'

export const troveManagerAbi = parseAbi([
  'function borrowerOperationsAddress() view returns (address)',
  'function activePool() view returns (address)',
  'function defaultPool() view returns (address)',
  'function sortedTroves() view returns (address)',
  'function priceFeed() view returns (address)',
  'function stabilityPool() view returns (address)',
  'function lusdToken() view returns (address)',
  'function lqtyToken() view returns (address)',
  'function _stabilityPool() view returns (address)',
  'function _zusdToken() view returns (address)',
  'function _zeroToken() view returns (address)',
  'function liquityBaseParams() view returns (address)',
  'function LUSD_GAS_COMPENSATION() view returns (uint256)',
  'function ZUSD_GAS_COMPENSATION() view returns (uint256)',
  'function MIN_NET_DEBT() view returns (uint256)',
  'function MINUTE_DECAY_FACTOR() view returns (uint256)',
  'function BETA() view returns (uint256)',
  'function BOOTSTRAP_PERIOD() view returns (uint256)',
  'function MCR() view returns (uint256)',
  'function CCR() view returns (uint256)',
  'function PERCENT_DIVISOR() view returns (uint256)',
  'function BORROWING_FEE_FLOOR() view returns (uint256)',
  'function MAX_BORROWING_FEE() view returns (uint256)',
  'function REDEMPTION_FEE_FLOOR() view returns (uint256)',
  'function L_ETH() view returns (uint256)',
  'function L_LUSDDebt() view returns (uint256)',
  'function L_ZUSDDebt() view returns (uint256)',
  'function lastETHError_Redistribution() view returns (uint256)',
  'function lastLUSDDebtError_Redistribution() view returns (uint256)',
  'function lastZUSDDebtError_Redistribution() view returns (uint256)',
  'function totalStakes() view returns (uint256)',
  'function totalStakesSnapshot() view returns (uint256)',
  'function totalCollateralSnapshot() view returns (uint256)',
  'function baseRate() view returns (uint256)',
  'function lastFeeOperationTime() view returns (uint256)',
  'function getTroveOwnersCount() view returns (uint256)',
  'function Troves(address) view returns (uint256 debt, uint256 coll, uint256 stake, uint8 status, uint128 arrayIndex)',
  'function rewardSnapshots(address) view returns (uint256 ETH, uint256 debt)',
  'function getEntireDebtAndColl(address _borrower) view returns (uint256 debt, uint256 coll, uint256 pendingDebtReward, uint256 pendingETHReward)',
  'function liquidate(address _borrower)',
  'function batchLiquidateTroves(address[] _troveArray)',
  'function liquidateTroves(uint256 _n)',
  'event TroveUpdated(address indexed _borrower, uint256 _debt, uint256 _coll, uint256 _stake, uint8 _operation)',
  'event TroveLiquidated(address indexed _borrower, uint256 _debt, uint256 _coll, uint8 _operation)',
  'event PriceFeedAddressChanged(address _newPriceFeedAddress)',
  'event ImplementationChanged(address indexed _oldImplementation, address indexed _newImplementation)',
])

export const borrowerOperationsAbi = parseAbi([
  'event TroveCreated(address indexed _borrower, uint256 arrayIndex)',
  'event TroveUpdated(address indexed _borrower, uint256 _debt, uint256 _coll, uint256 stake, uint8 operation)',
])

/** ActivePool and DefaultPool. */
export const poolAbi = parseAbi([
  'function getETH() view returns (uint256)',
  'function getLUSDDebt() view returns (uint256)',
  'function getZUSDDebt() view returns (uint256)',
])

export const stabilityPoolAbi = parseAbi([
  'function getTotalLUSDDeposits() view returns (uint256)',
  'function getTotalZUSDDeposits() view returns (uint256)',
  'function lastLUSDLossError_Offset() view returns (uint256)',
  'function lastZUSDLossError_Offset() view returns (uint256)',
  'function getMaxAmountToOffset() view returns (uint256)',
  'function currentEpoch() view returns (uint128)',
  'event StabilityPoolLUSDBalanceUpdated(uint256 _newBalance)',
  'event StabilityPoolZUSDBalanceUpdated(uint256 _newBalance)',
])

export const sortedTrovesAbi = parseAbi([
  'function getPrev(address _id) view returns (address)',
  'function getNext(address _id) view returns (address)',
  'event NodeAdded(address _id, uint256 _NICR)',
  'event NodeRemoved(address _id)',
])

export const tokenAbi = parseAbi([
  'function symbol() view returns (string)',
  'function getDeploymentStartTime() view returns (uint256)',
])

export const priceFeedAbi = parseAbi(['function fetchPrice() returns (uint256)'])
