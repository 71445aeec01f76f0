// Notifications as receivers get them, of round numbers.
import type {
  AlertNotification,
  DigestNotification,
  GroupNotification,
  PlainNotification,
} from '../../src/model/alert.ts'

const ACCOUNT = '0x00000000000000000000000000000000000000Aa'
const ASSET = '0x00000000000000000000000000000000000000C0'
const STARTS_AT = 1_700_000_000
const block = { chainId: 1, number: '18600000', hash: '0x01', timestamp: STARTS_AT }

const leg = (symbol: string, decimals: number, amount: string, value: string) => ({
  ...{ asset: ASSET, symbol, decimals, amount, price: '0', value, priceKey: symbol },
})

const subject = {
  id: `1:aave-v3:core:pool:${ACCOUNT}`,
  ...{ owner: ACCOUNT, chainId: 1, protocol: 'aave-v3', deployment: 'core', market: 'pool', block },
}

export const assessment = {
  ...{ kind: 'assessed', ...subject, revision: '3.3', revisionRaw: '6', fidelity: 'exact' },
  quote: { symbol: 'USD', decimals: 8 },
  collateral: [leg('WETH', 18, '2000000000000000000', '400000000000')],
  debt: [leg('USDC', 6, '3173000000', '317300000000')],
  ...{ collateralValue: '400000000000', liquidationValue: '330000000000', debtValue: '317300000000' },
  ...{ healthFactor: '1040025212732429877', isLiquidatable: false, isExecutable: false },
  ...{ phase: 'healthy', blockedBy: [], usd: null },
}

export const unassessable = {
  ...{ kind: 'unassessable', ...subject, reason: 'price-failed', detail: 'the feed of WETH reverts' },
}

const amount = (symbol: string, decimals: number, text: string) => ({
  ...{ asset: ASSET, symbol, decimals, amount: text, value: '0' },
})

const risk = {
  ...{ leverage: '4800000000000000000', liquidationPrices: [], secondsToLiquidation: 86_400 * 40 },
  shock: { changePpm: '-38485' },
  shocks: [{ group: 'ETH', symbols: ['WETH'], isStable: false, shock: { changePpm: '-38485' } }],
  ...{ borrowCostPerYear: null, margin: null },
  repairs: [
    {
      targetHealthFactor: '1100000000000000000',
      repay: [amount('USDC', 6, '173000000')],
      supply: [amount('WETH', 18, '115333333333333333')],
      ...{ deleverage: [], cheapest: null, unfit: [] },
    },
  ],
}

/** A loan near its liquidation, as the receiver `hook` is told of it. */
export const nearAlert = (fields: Partial<AlertNotification> = {}): AlertNotification => ({
  ...{ kind: 'alert', id: 'a1', fingerprint: 'f1', receiver: 'hook', status: 'firing' },
  ...{ rule: 'CloseToLiquidation', severity: 'critical' },
  labels: {
    ...{ alertname: 'CloseToLiquidation', severity: 'critical', chainId: '1', protocol: 'aave-v3' },
    ...{ deployment: 'core', market: 'pool', account: ACCOUNT, label: 'treasury' },
  },
  ...{ annotations: {}, startsAt: STARTS_AT, block, assessment, risk },
  ...fields,
})

/** The same alert, over after 3 h 12 min. */
export const resolvedAlert = (): AlertNotification =>
  nearAlert({ status: 'resolved', id: 'a2', endsAt: STARTS_AT + 11_520 })

export const groupOf = (alerts: readonly AlertNotification[]): GroupNotification => ({
  ...{ kind: 'group', id: 'g1', fingerprint: 'group', receiver: 'hook', alerts },
})

const points = [1_900, 1_800, 1_500, 1_200, 1_040, 1_300].map((health, index) => ({
  timestamp: STARTS_AT - 86_400 + index * 14_400,
  healthFactor: `${health}000000000000000`,
}))

export const digest = (): DigestNotification => ({
  ...{ kind: 'digest', id: 'd1', fingerprint: 'digest', receiver: 'hook' },
  ...{ since: STARTS_AT - 86_400, until: STARTS_AT },
  loans: [
    { id: subject.id, label: 'treasury', protocol: 'aave-v3', chainId: 1, assessment, points },
    {
      ...{ id: 'x', label: 'ops', protocol: 'morpho-blue', chainId: 8453, assessment: unassessable },
      points: [{ timestamp: STARTS_AT - 86_400, healthFactor: null }],
    },
  ],
  firing: [{ rule: 'CloseToLiquidation', severity: 'critical', summary: 'treasury is close' }],
  firedCount: 2,
})

export const testMessage = (): PlainNotification => ({
  ...{ kind: 'test', id: 't1', fingerprint: 't1', receiver: 'hook', timestamp: STARTS_AT, text: 'It works' },
})
