// What the local chain itself calls of Morpho Blue. Taken from npm @morpho-org/morpho-blue 1.0.0.
import { parseAbi } from 'viem'

export const marketParamsType = [
  { type: 'address', name: 'loanToken' },
  { type: 'address', name: 'collateralToken' },
  { type: 'address', name: 'oracle' },
  { type: 'address', name: 'irm' },
  { type: 'uint256', name: 'lltv' },
] as const

const marketParams =
  'struct MarketParams { address loanToken; address collateralToken; address oracle; address irm; uint256 lltv; }'

export const morphoAbi = parseAbi([
  marketParams,
  'function enableIrm(address irm)',
  'function enableLltv(uint256 lltv)',
  'function createMarket(MarketParams marketParams)',
  'function setFee(MarketParams marketParams, uint256 newFee)',
  'function setFeeRecipient(address newFeeRecipient)',
  'function setAuthorization(address authorized, bool newIsAuthorized)',
  'function supply(MarketParams marketParams, uint256 assets, uint256 shares, address onBehalf, bytes data) returns (uint256, uint256)',
  'function withdraw(MarketParams marketParams, uint256 assets, uint256 shares, address onBehalf, address receiver) returns (uint256, uint256)',
  'function borrow(MarketParams marketParams, uint256 assets, uint256 shares, address onBehalf, address receiver) returns (uint256, uint256)',
  'function repay(MarketParams marketParams, uint256 assets, uint256 shares, address onBehalf, bytes data) returns (uint256, uint256)',
  'function supplyCollateral(MarketParams marketParams, uint256 assets, address onBehalf, bytes data)',
  'function withdrawCollateral(MarketParams marketParams, uint256 assets, address onBehalf, address receiver)',
  'function liquidate(MarketParams marketParams, address borrower, uint256 seizedAssets, uint256 repaidShares, bytes data) returns (uint256, uint256)',
  'function accrueInterest(MarketParams marketParams)',
  'function position(bytes32 id, address user) view returns (uint256 supplyShares, uint128 borrowShares, uint128 collateral)',
  'function market(bytes32 id) view returns (uint128 totalSupplyAssets, uint128 totalSupplyShares, uint128 totalBorrowAssets, uint128 totalBorrowShares, uint128 lastUpdate, uint128 fee)',
])

export const oracleMockAbi = parseAbi([
  'function setPrice(uint256 newPrice)',
  'function price() view returns (uint256)',
])
