// VAI debt: VAIController.getVAIRepayRatePerBlock, accrueVAIInterest, getVAIRepayAmount, getVAICalculateRepayAmount.
import { WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { divDown } from '../compound-v2/exponential.ts'
import type { Vai, VaiLoan } from './state.ts'

/** The rate per block, a wad. `priceOf` is asked for VAI's price only where the floating rate depends on it. */
export const vaiRatePerBlockDown = (
  { baseRate, floatRate, blocksPerYear }: Vai,
  priceOf: () => bigint,
): bigint => {
  if (baseRate === 0n) return 0n
  const price = floatRate === 0n ? WAD : priceOf()
  const floating = price < WAD ? mulDivDown(WAD - price, floatRate, WAD) : 0n
  return divDown(checkedUint256(baseRate + floating), blocksPerYear)
}

/** VAIController.accrueVAIInterest: rate · blocks is added to the index. */
export const accrueVai = (vai: Vai, block: bigint, priceOf: () => bigint): Vai => {
  if (vai.accruedAt === block) return vai
  const rate = vaiRatePerBlockDown(vai, priceOf)
  const mintIndex = checkedUint256(vai.mintIndex + checkedUint256(rate * checkedSub(block, vai.accruedAt)))
  return { ...vai, mintIndex, accruedAt: block }
}

/** VAIController.getVAIRepayAmount by the index as it stands; past interest earns nothing more. */
export const vaiDebtDown = ({ mintIndex }: Vai, { minted, pastInterest, interestIndex }: VaiLoan): bigint => {
  const earning = checkedSub(minted, pastInterest)
  return checkedUint256(minted + mulDivDown(checkedSub(mintIndex, interestIndex), earning, WAD))
}

/** A repayment in its parts: VAI that is burnt, interest that is paid, and how much of it had accrued before the last mint. */
export type VaiRepayment = {
  readonly burnt: bigint
  readonly interest: bigint
  readonly pastInterest: bigint
}

/** VAIController.getVAICalculateRepayAmount: everything is split by the repaid share, which is cut first. */
export const splitRepaymentDown = (vai: Vai, loan: VaiLoan, repay: bigint): VaiRepayment => {
  const { minted, pastInterest } = loan
  const owed = vaiDebtDown(vai, loan)
  const interest = checkedUint256(pastInterest + checkedSub(owed, minted))
  const burnt = checkedSub(owed, interest)
  if (repay >= owed) return { burnt, interest, pastInterest }
  const share = mulDivDown(repay, WAD, owed)
  const part = (amount: bigint): bigint => mulDivDown(amount, share, WAD)
  return { burnt: part(burnt), interest: part(interest), pastInterest: part(pastInterest) }
}

/** The loan after a repayment. Its index stays, so that interest goes on as if the rest had been minted then. */
export const repaidLoan = (loan: VaiLoan, { burnt, pastInterest }: VaiRepayment): VaiLoan => ({
  ...loan,
  minted: checkedSub(checkedSub(loan.minted, burnt), pastInterest),
  pastInterest: checkedSub(loan.pastInterest, pastInterest),
})

/** What a liquidator's repayment counts as when collateral is seized for it, and as what it is reported. */
export const countedRepayment = ({ seizesForInterest }: Vai, { burnt, interest }: VaiRepayment): bigint =>
  seizesForInterest ? burnt + interest : burnt
