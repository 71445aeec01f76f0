// What the local chain itself calls. Taken from npm @venusprotocol/venus-protocol 2.2.1 (contracts/).
import { parseAbi } from 'viem'

export const unitrollerAbi = parseAbi([
  'function _setPendingImplementation(address implementation) returns (uint256)',
  'function _become(address unitroller)',
])

export const comptrollerAbi = parseAbi([
  'function _setComptrollerLens(address lens) returns (uint256)',
  'function _setPriceOracle(address oracle) returns (uint256)',
  'function _setAccessControl(address accessControl) returns (uint256)',
  'function _setCloseFactor(uint256 closeFactorMantissa) returns (uint256)',
  'function _setLiquidationIncentive(uint256 liquidationIncentiveMantissa) returns (uint256)',
  'function _setCollateralFactor(address vToken, uint256 collateralFactorMantissa) returns (uint256)',
  'function _setLiquidatorContract(address liquidatorContract)',
  'function _setMarketSupplyCaps(address[] vTokens, uint256[] caps)',
  'function _setMarketBorrowCaps(address[] vTokens, uint256[] caps)',
  'function _setProtocolPaused(bool state) returns (bool)',
  'function _setActionsPaused(address[] markets, uint8[] actions, bool paused)',
  'function _setVAIController(address vaiController) returns (uint256)',
  'function _setVAIMintRate(uint256 basisPoints) returns (uint256)',
  'function _setTreasuryData(address guardian, address treasury, uint256 percentMantissa) returns (uint256)',
  'function _supportMarket(address vToken) returns (uint256)',
  'function enterMarkets(address[] vTokens) returns (uint256[])',
  'function exitMarket(address vToken) returns (uint256)',
  'function getAccountLiquidity(address account) view returns (uint256 errorCode, uint256 liquidity, uint256 shortfall)',
  'function getAssetsIn(address account) view returns (address[])',
  'function mintedVAIs(address account) view returns (uint256)',
])

export const vTokenAbi = parseAbi([
  'function mint(uint256 amount) returns (uint256)',
  'function redeem(uint256 tokens) returns (uint256)',
  'function redeemUnderlying(uint256 amount) returns (uint256)',
  'function borrow(uint256 amount) returns (uint256)',
  'function repayBorrow(uint256 amount) returns (uint256)',
  'function transfer(address to, uint256 tokens) returns (bool)',
  'function accrueInterest() returns (uint256)',
  'function liquidateBorrow(address borrower, uint256 amount, address vTokenCollateral) returns (uint256)',
  'function _setReserveFactor(uint256 reserveFactorMantissa) returns (uint256)',
  'function _setInterestRateModel(address model) returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
  'function borrowBalanceStored(address account) view returns (uint256)',
  'function totalBorrows() view returns (uint256)',
  'event Transfer(address indexed from, address indexed to, uint256 amount)',
  'event Failure(uint256 errorCode, uint256 info, uint256 detail)',
  'event LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address vTokenCollateral, uint256 seizeTokens)',
])

export const vBnbAbi = parseAbi([
  'function mint() payable',
  'function repayBorrow() payable',
  'function liquidateBorrow(address borrower, address vTokenCollateral) payable',
])

export const vaiControllerAbi = parseAbi([
  'function _setComptroller(address comptroller) returns (uint256)',
  'function initialize()',
  'function setAccessControl(address accessControl)',
  'function setReceiver(address receiver)',
  'function setBaseRate(uint256 yearlyRateMantissa)',
  'function setFloatRate(uint256 floatRateMantissa)',
  'function accrueVAIInterest()',
  'function mintVAI(uint256 amount) returns (uint256)',
  'function repayVAI(uint256 amount) returns (uint256, uint256)',
  'function liquidateVAI(address borrower, uint256 amount, address vTokenCollateral) returns (uint256, uint256)',
  'function getVAIAddress() view returns (address)',
  'function getVAIRepayAmount(address account) view returns (uint256)',
  'event LiquidateVAI(address liquidator, address borrower, uint256 repayAmount, address vTokenCollateral, uint256 seizeTokens)',
])

export const liquidatorAbi = parseAbi([
  'function initialize(uint256 treasuryPercentMantissa)',
  'function liquidateBorrow(address vToken, address borrower, uint256 amount, address vTokenCollateral) payable',
  'function restrictLiquidation(address borrower)',
  'function setTreasuryPercent(uint256 treasuryPercentMantissa)',
  'event LiquidateBorrowedTokens(address indexed liquidator, address indexed borrower, uint256 repayAmount, address vTokenBorrowed, address indexed vTokenCollateral, uint256 seizeTokensForTreasury, uint256 seizeTokensForLiquidator)',
])

export const oracleAbi = parseAbi(['function setDirectPrice(address asset, uint256 price)'])
