import { knownChain } from '../chain/viem-chain.ts'
import type { AlertNotification } from '../model/alert.ts'
import { registry } from '../protocols/registry.ts'
import type { Link } from './messages.ts'

const HTTP = /^https?:\/\/\S+$/

/** Links that a rule names: annotations such as `runbook_url`. */
const ownLinks = ({ annotations }: AlertNotification): readonly Link[] =>
  Object.entries(annotations).flatMap(([name, url]) =>
    /url$/i.test(name) && HTTP.test(url) ? [{ label: name.replace(/[_-]?url$/i, '') || name, url }] : [],
  )

/** The page of a deployment that is known; others may be somebody else's. */
const appUrlOf = (chainId: number, protocol = '', deployment = ''): string | undefined => {
  const adapter = registry.find((one) => one.protocol === protocol)
  const isKnown = adapter?.deployments.some((one) => one.chainId === chainId && one.deployment === deployment)
  return isKnown ? (adapter?.describe.apps?.[deployment] ?? adapter?.describe.apps?.['*']) : undefined
}

/** Where to look further: the account and the block on the chain's explorer, the protocol's own page, and what the rule names. */
export const linksOf = (alert: AlertNotification): readonly Link[] => {
  const { account, protocol, deployment, chainId } = alert.labels
  const { explorerUrl } = knownChain(Number(chainId))
  const block = alert.block as { readonly number?: string } | null
  const appUrl = appUrlOf(Number(chainId), protocol, deployment)
  return [
    ...(appUrl ? [{ label: 'Manage the loan', url: appUrl }] : []),
    ...(explorerUrl && account ? [{ label: 'Account', url: `${explorerUrl}/address/${account}` }] : []),
    ...(explorerUrl && block?.number
      ? [{ label: 'Block', url: `${explorerUrl}/block/${block.number}` }]
      : []),
    ...ownLinks(alert),
  ]
}
