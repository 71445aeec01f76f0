import { shortAddress } from '../format/loans.ts'
import { Copy } from './copy.tsx'

type Props = { readonly address: string; readonly label?: string | undefined; readonly isLong?: boolean }

/** An account: its label where it has one, a link to its loans, and its address to copy. */
export const Account = ({ address, label, isLong = false }: Props) => (
  <span class="account">
    <a href={`/accounts/${address}`} title={address} class={label ? '' : 'address'}>
      {label ?? (isLong ? address : shortAddress(address))}
    </a>
    <Copy text={address} what="the address" />
  </span>
)
