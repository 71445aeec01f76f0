// What the local chain itself calls. Taken from npm @thenextblock/hardhat-compound 0.0.14 (contracts/compound).
import { parseAbi } from 'viem'

export const unitrollerAbi = parseAbi([
  'function _setPendingImplementation(address newPendingImplementation) returns (uint256)',
  'function _become(address unitroller)',
])

export const comptrollerAbi = parseAbi([
  'function _setPriceOracle(address newOracle) returns (uint256)',
  'function _setCloseFactor(uint256 newCloseFactorMantissa) returns (uint256)',
  'function _setLiquidationIncentive(uint256 newLiquidationIncentiveMantissa) returns (uint256)',
  'function _supportMarket(address cToken) returns (uint256)',
  'function _setCollateralFactor(address cToken, uint256 newCollateralFactorMantissa) returns (uint256)',
  'function _setMintPaused(address cToken, bool state) returns (bool)',
  'function _setBorrowPaused(address cToken, bool state) returns (bool)',
  'function _setSeizePaused(bool state) returns (bool)',
  'function enterMarkets(address[] cTokens) returns (uint256[])',
  'function exitMarket(address cToken) returns (uint256)',
  'function getAssetsIn(address account) view returns (address[])',
  'function getAccountLiquidity(address account) view returns (uint256 code, uint256 liquidity, uint256 shortfall)',
])

export const cTokenAbi = parseAbi([
  'function mint(uint256 mintAmount) returns (uint256)',
  'function redeem(uint256 redeemTokens) returns (uint256)',
  'function redeemUnderlying(uint256 redeemAmount) returns (uint256)',
  'function borrow(uint256 borrowAmount) returns (uint256)',
  'function repayBorrow(uint256 repayAmount) returns (uint256)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function accrueInterest() returns (uint256)',
  'function liquidateBorrow(address borrower, uint256 repayAmount, address cTokenCollateral) returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
  'function totalReserves() view returns (uint256)',
  'function _setReserveFactor(uint256 newReserveFactorMantissa) returns (uint256)',
  'function _setInterestRateModel(address newInterestRateModel) returns (uint256)',
  'event Failure(uint256 code, uint256 info, uint256 detail)',
  'event LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)',
  'event ReservesAdded(address benefactor, uint256 addAmount, uint256 newTotalReserves)',
  'event Transfer(address indexed from, address indexed to, uint256 amount)',
])

export const cEtherAbi = parseAbi([
  'function mint() payable',
  'function repayBorrow() payable',
  'function liquidateBorrow(address borrower, address cTokenCollateral) payable',
])

export const oracleAbi = parseAbi(['function setUnderlyingPrice(address cToken, uint256 priceMantissa)'])
