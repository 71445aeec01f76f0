// Compound v2 and its forks: contracts/{Unitroller,Comptroller,CErc20,CEther,JumpRateModelV2,WhitePaperInterestRateModel,PriceOracle}.sol
// of compound-finance/compound-protocol, as in npm @thenextblock/hardhat-compound 0.0.14; of moonwell-fi and Benqi what they add.
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
  'function isDeprecated(address cToken) view returns (bool)',
])

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
  'function balanceOf(address account) view returns (uint256)',
  'function borrowBalanceStored(address account) view returns (uint256)',
  'function accrueInterest() returns (uint256)',
  'function liquidateBorrow(address borrower, uint256 repayAmount, address cTokenCollateral) returns (uint256)',
])

export const cEtherAbi = parseAbi([
  'function liquidateBorrow(address borrower, address cTokenCollateral) payable',
])
