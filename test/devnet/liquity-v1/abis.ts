// Functions of Liquity v1 and Sovryn Zero as borrowers, depositors and redeemers call them.
import { parseAbi } from 'viem'

export const operationsAbi = parseAbi([
  'function openTrove(uint256 maxFee, uint256 amount, address upper, address lower) payable',
  'function addColl(address upper, address lower) payable',
  'function withdrawColl(uint256 amount, address upper, address lower)',
  'function withdrawLUSD(uint256 maxFee, uint256 amount, address upper, address lower)',
  'function withdrawZUSD(uint256 maxFee, uint256 amount, address upper, address lower)',
  'function repayLUSD(uint256 amount, address upper, address lower)',
  'function repayZUSD(uint256 amount, address upper, address lower)',
  'function adjustTrove(uint256 maxFee, uint256 collOut, uint256 change, bool isIncrease, address upper, address lower) payable',
  'function closeTrove()',
  'function claimCollateral()',
])

export const managerAbi = parseAbi([
  'struct Addresses { address feeDistributor; address redeemOps; address baseParams; address operations; address activePool; address defaultPool; address stabilityPool; address gasPool; address surplusPool; address priceFeed; address token; address sortedTroves; address protocolToken; address staking; }',
  'function setAddresses(Addresses addresses)',
  'function redeemCollateral(uint256 amount, address first, address upper, address lower, uint256 partialNICR, uint256 iterations, uint256 maxFee)',
  'function liquidate(address borrower)',
  'function batchLiquidateTroves(address[] troves)',
  'function liquidateTroves(uint256 n)',
  'event Redemption(uint256 attempted, uint256 actual, uint256 sent, uint256 fee)',
  'event Liquidation(uint256 debt, uint256 coll, uint256 collGasCompensation, uint256 debtGasCompensation)',
])

export const stabilityAbi = parseAbi([
  'function provideToSP(uint256 amount, address frontEnd)',
  'function withdrawFromSP(uint256 amount)',
  'function withdrawETHGainToTrove(address upper, address lower)',
])

export const hintsAbi = parseAbi([
  'function getRedemptionHints(uint256 amount, uint256 price, uint256 iterations) view returns (address, uint256, uint256)',
])

export const tokenAbi = parseAbi([
  'function transfer(address to, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
])

export const paramsAbi = parseAbi([
  'function initialize()',
  'function setMCR(uint256 value)',
  'function setCCR(uint256 value)',
  'function setPercentDivisor(uint256 value)',
  'function setBorrowingFeeFloor(uint256 value)',
  'function setRedemptionFeeFloor(uint256 value)',
])

export const listAbi = parseAbi([
  'function getFirst() view returns (address)',
  'function getLast() view returns (address)',
  'function getPrev(address id) view returns (address)',
  'function getNext(address id) view returns (address)',
])
