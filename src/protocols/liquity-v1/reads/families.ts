// How the functions of a family are called: the debt token's name is part of many.
import type { Family } from '../state.ts'

/** The functions whose names differ. */
export const functionsOf = {
  LUSD: {
    stabilityPool: 'stabilityPool',
    debtToken: 'lusdToken',
    protocolToken: 'lqtyToken',
    gasCompensation: 'LUSD_GAS_COMPENSATION',
    rewardedDebt: 'L_LUSDDebt',
    debtError: 'lastLUSDDebtError_Redistribution',
    poolDebt: 'getLUSDDebt',
    deposits: 'getTotalLUSDDeposits',
    lossError: 'lastLUSDLossError_Offset',
  },
  ZUSD: {
    stabilityPool: '_stabilityPool',
    debtToken: '_zusdToken',
    protocolToken: '_zeroToken',
    gasCompensation: 'ZUSD_GAS_COMPENSATION',
    rewardedDebt: 'L_ZUSDDebt',
    debtError: 'lastZUSDDebtError_Redistribution',
    poolDebt: 'getZUSDDebt',
    deposits: 'getTotalZUSDDeposits',
    lossError: 'lastZUSDLossError_Offset',
  },
} as const satisfies Record<Family, Record<string, string>>
