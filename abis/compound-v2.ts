// Exactly what is used of Compound v2 and its forks: Comptroller, CErc20, CEther, the interest rate models and PriceOracle of
// compound-finance/compound-protocol, as in npm @thenextblock/hardhat-compound 0.0.14. What Moonwell (moonwell-fi/moonwell-contracts-v2)
// and Benqi (Benqi-fi/BENQI-Smart-Contracts) add: names that say "timestamp", supply caps and NewProtocolSeizeShare.
import { parseAbi } from 'viem'

export const comptrollerAbi = parseAbi([
  'function getAllMarkets() view returns (address[])',
  'function getAssetsIn(address account) view returns (address[])',
  'function getAccountLiquidity(address account) view returns (uint256 code, uint256 liquidity, uint256 shortfall)',
  'function oracle() view returns (address)',
  'function closeFactorMantissa() view returns (uint256)',
  'function liquidationIncentiveMantissa() view returns (uint256)',
  'function seizeGuardianPaused() view returns (bool)',
  'function transferGuardianPaused() view returns (bool)',
  'function markets(address cToken) view returns (bool isListed, uint256 collateralFactorMantissa)',
  'function mintGuardianPaused(address cToken) view returns (bool)',
  'function borrowGuardianPaused(address cToken) view returns (bool)',
  'function borrowCaps(address cToken) view returns (uint256)',
  'function supplyCaps(address cToken) view returns (uint256)',
  'function isDeprecated(address cToken) view returns (bool)',
  'event MarketListed(address cToken)',
  'event MarketEntered(address cToken, address account)',
  'event MarketExited(address cToken, address account)',
  'event NewCloseFactor(uint256 oldCloseFactorMantissa, uint256 newCloseFactorMantissa)',
  'event NewCollateralFactor(address cToken, uint256 oldCollateralFactorMantissa, uint256 newCollateralFactorMantissa)',
  'event NewLiquidationIncentive(uint256 oldLiquidationIncentiveMantissa, uint256 newLiquidationIncentiveMantissa)',
  'event NewPriceOracle(address oldPriceOracle, address newPriceOracle)',
  'event ActionPaused(string action, bool pauseState)',
  'event ActionPaused(address cToken, string action, bool pauseState)',
  'event NewBorrowCap(address indexed cToken, uint256 newBorrowCap)',
  'event NewSupplyCap(address indexed cToken, uint256 newSupplyCap)',
  'event NewImplementation(address oldImplementation, address newImplementation)',
])

export const oracleAbi = parseAbi(['function getUnderlyingPrice(address cToken) view returns (uint256)'])

export const cTokenAbi = parseAbi([
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function underlying() view returns (address)',
  'function interestRateModel() view returns (address)',
  'function getCash() view returns (uint256)',
  'function totalBorrows() view returns (uint256)',
  'function totalReserves() view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function borrowIndex() view returns (uint256)',
  'function accrualBlockNumber() view returns (uint256)',
  'function accrualBlockTimestamp() view returns (uint256)',
  'function reserveFactorMantissa() view returns (uint256)',
  'function protocolSeizeShareMantissa() view returns (uint256)',
  'function exchangeRateStored() view returns (uint256)',
  'function borrowRatePerBlock() view returns (uint256)',
  'function borrowRatePerTimestamp() view returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
  'function borrowBalanceStored(address account) view returns (uint256)',
  'function accrueInterest() returns (uint256)',
  'function borrowBalanceCurrent(address account) returns (uint256)',
  'function balanceOfUnderlying(address account) returns (uint256)',
  'function liquidateBorrow(address borrower, uint256 repayAmount, address cTokenCollateral) returns (uint256)',
  'event AccrueInterest(uint256 cashPrior, uint256 interestAccumulated, uint256 borrowIndex, uint256 totalBorrows)',
  'event AccrueInterest(uint256 interestAccumulated, uint256 borrowIndex, uint256 totalBorrows)',
  'event Transfer(address indexed from, address indexed to, uint256 amount)',
  'event Borrow(address borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)',
  'event RepayBorrow(address payer, address borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)',
  'event LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)',
  'event NewReserveFactor(uint256 oldReserveFactorMantissa, uint256 newReserveFactorMantissa)',
  'event ReservesAdded(address benefactor, uint256 addAmount, uint256 newTotalReserves)',
  'event ReservesReduced(address admin, uint256 reduceAmount, uint256 newTotalReserves)',
  'event NewMarketInterestRateModel(address oldInterestRateModel, address newInterestRateModel)',
  'event NewProtocolSeizeShare(uint256 oldProtocolSeizeShareMantissa, uint256 newProtocolSeizeShareMantissa)',
  'event NewImplementation(address oldImplementation, address newImplementation)',
])

export const cEtherAbi = parseAbi([
  'function liquidateBorrow(address borrower, address cTokenCollateral) payable',
])

export const rateModelAbi = parseAbi([
  'function baseRatePerBlock() view returns (uint256)',
  'function multiplierPerBlock() view returns (uint256)',
  'function jumpMultiplierPerBlock() view returns (uint256)',
  'function baseRatePerTimestamp() view returns (uint256)',
  'function multiplierPerTimestamp() view returns (uint256)',
  'function jumpMultiplierPerTimestamp() view returns (uint256)',
  'function kink() view returns (uint256)',
  'event NewInterestParams(uint256 baseRate, uint256 multiplier, uint256 jumpMultiplier, uint256 kink)',
])
