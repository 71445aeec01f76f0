// Exactly what is used of Liquity v2. Taken from liquity/bold, contracts/src: AddressesRegistry.sol, CollateralRegistry.sol, TroveManager.sol
// and Interfaces/ITroveEvents.sol, ActivePool.sol, DefaultPool.sol, StabilityPool.sol and Interfaces/IStabilityPoolEvents.sol,
// BorrowerOperations.sol, SortedTroves.sol, Interfaces/IPriceFeed.sol; TroveNFT and the tokens are ERC-721 and ERC-20.
import { parseAbi } from 'viem'

export const collateralRegistryAbi = parseAbi([
  'function totalCollaterals() view returns (uint256)',
  'function getToken(uint256 _index) view returns (address)',
  'function getTroveManager(uint256 _index) view returns (address)',
  'function boldToken() view returns (address)',
  'function baseRate() view returns (uint256)',
  'function lastFeeOperationTime() view returns (uint256)',
])

export const addressesRegistryAbi = parseAbi([
  'function troveManager() view returns (address)',
  'function borrowerOperations() view returns (address)',
  'function troveNFT() view returns (address)',
  'function stabilityPool() view returns (address)',
  'function activePool() view returns (address)',
  'function defaultPool() view returns (address)',
  'function sortedTroves() view returns (address)',
  'function priceFeed() view returns (address)',
  'function collToken() view returns (address)',
  'function boldToken() view returns (address)',
  'function WETH() view returns (address)',
  'function CCR() view returns (uint256)',
  'function MCR() view returns (uint256)',
  'function BCR() view returns (uint256)',
  'function SCR() view returns (uint256)',
  'function LIQUIDATION_PENALTY_SP() view returns (uint256)',
  'function LIQUIDATION_PENALTY_REDISTRIBUTION() view returns (uint256)',
])

export const troveManagerAbi = parseAbi([
  'struct LatestTroveData { uint256 entireDebt; uint256 entireColl; uint256 redistBoldDebtGain; uint256 redistCollGain; uint256 accruedInterest; uint256 recordedDebt; uint256 annualInterestRate; uint256 weightedRecordedDebt; uint256 accruedBatchManagementFee; uint256 lastInterestRateAdjTime; }',
  'struct LatestBatchData { uint256 totalDebtShares; uint256 entireDebtWithoutRedistribution; uint256 entireCollWithoutRedistribution; uint256 accruedInterest; uint256 recordedDebt; uint256 annualInterestRate; uint256 weightedRecordedDebt; uint256 annualManagementFee; uint256 accruedManagementFee; uint256 weightedRecordedBatchManagementFee; uint256 lastDebtUpdateTime; uint256 lastInterestRateAdjTime; }',
  'function shutdownTime() view returns (uint256)',
  'function lastZombieTroveId() view returns (uint256)',
  'function getTroveIdsCount() view returns (uint256)',
  'function getTroveFromTroveIdsArray(uint256 _index) view returns (uint256)',
  'function Troves(uint256 _troveId) view returns (uint256 debt, uint256 coll, uint256 stake, uint8 status, uint64 arrayIndex, uint64 lastDebtUpdateTime, uint64 lastInterestRateAdjTime, uint256 annualInterestRate, address interestBatchManager, uint256 batchDebtShares)',
  'function rewardSnapshots(uint256 _troveId) view returns (uint256 coll, uint256 boldDebt)',
  'function getLatestTroveData(uint256 _troveId) view returns (LatestTroveData trove)',
  'function getLatestBatchData(address _batchAddress) view returns (LatestBatchData batch)',
  'function getCurrentICR(uint256 _troveId, uint256 _price) view returns (uint256)',
  'function getUnbackedPortionPriceAndRedeemability() returns (uint256 unbacked, uint256 price, bool redeemable)',
  'function batchLiquidateTroves(uint256[] _troveArray)',
  'function urgentRedemption(uint256 _boldAmount, uint256[] _troveIds, uint256 _minCollateral)',
  'event Liquidation(uint256 _debtOffsetBySP, uint256 _debtRedistributed, uint256 _boldGasCompensation, uint256 _collGasCompensation, uint256 _collSentToSP, uint256 _collRedistributed, uint256 _collSurplus, uint256 _L_ETH, uint256 _L_boldDebt, uint256 _price)',
  'event Redemption(uint256 _attemptedBoldAmount, uint256 _actualBoldAmount, uint256 _ETHSent, uint256 _ETHFee, uint256 _price, uint256 _redemptionPrice)',
  'event TroveUpdated(uint256 indexed _troveId, uint256 _debt, uint256 _coll, uint256 _stake, uint256 _annualInterestRate, uint256 _snapshotOfTotalCollRedist, uint256 _snapshotOfTotalDebtRedist)',
  'event BatchedTroveUpdated(uint256 indexed _troveId, address _interestBatchManager, uint256 _batchDebtShares, uint256 _coll, uint256 _stake, uint256 _snapshotOfTotalCollRedist, uint256 _snapshotOfTotalDebtRedist)',
  'event TroveOperation(uint256 indexed _troveId, uint8 _operation, uint256 _annualInterestRate, uint256 _debtIncreaseFromRedist, uint256 _debtIncreaseFromUpfrontFee, int256 _debtChangeFromOperation, uint256 _collIncreaseFromRedist, int256 _collChangeFromOperation)',
  'event BatchUpdated(address indexed _interestBatchManager, uint8 _operation, uint256 _debt, uint256 _coll, uint256 _annualInterestRate, uint256 _annualManagementFee, uint256 _totalDebtShares, uint256 _debtIncreaseFromUpfrontFee)',
])

export const activePoolAbi = parseAbi([
  'function getCollBalance() view returns (uint256)',
  'function getBoldDebt() view returns (uint256)',
  'function aggRecordedDebt() view returns (uint256)',
  'function aggWeightedDebtSum() view returns (uint256)',
  'function lastAggUpdateTime() view returns (uint256)',
  'function aggBatchManagementFees() view returns (uint256)',
  'function aggWeightedBatchManagementFeeSum() view returns (uint256)',
  'function lastAggBatchManagementFeesUpdateTime() view returns (uint256)',
  'event ActivePoolCollBalanceUpdated(uint256 _collBalance)',
])

export const defaultPoolAbi = parseAbi([
  'function getCollBalance() view returns (uint256)',
  'function getBoldDebt() view returns (uint256)',
  'event DefaultPoolCollBalanceUpdated(uint256 _collBalance)',
])

export const stabilityPoolAbi = parseAbi([
  'function getTotalBoldDeposits() view returns (uint256)',
  'event StabilityPoolBoldBalanceUpdated(uint256 _newBalance)',
  'event DepositOperation(address indexed _depositor, uint8 _operation, uint256 _depositLossSinceLastOperation, int256 _topUpOrWithdrawal, uint256 _yieldGainSinceLastOperation, uint256 _yieldGainClaimed, uint256 _ethGainSinceLastOperation, uint256 _ethGainClaimed)',
])

export const sortedTrovesAbi = parseAbi([
  'function nodes(uint256) view returns (uint256 nextId, uint256 prevId, address batchId, bool exists)',
])

export const borrowerOperationsAbi = parseAbi(['event ShutDown(uint256 _tcr)'])

/** Both fetch from oracles and may shut the branch down: `newOracleFailureDetected`. */
export const priceFeedAbi = parseAbi([
  'function fetchPrice() returns (uint256 price, bool newOracleFailureDetected)',
  'function fetchRedemptionPrice() returns (uint256 price, bool newOracleFailureDetected)',
])

export const troveNftAbi = parseAbi([
  'function balanceOf(address owner) view returns (uint256)',
  'function ownerOf(uint256 tokenId) view returns (address)',
  'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
])

export const tokenAbi = parseAbi([
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function totalSupply() view returns (uint256)',
])
