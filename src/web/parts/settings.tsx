// What governance has set of a market.
import type { Parameter } from '../../client/client.ts'
import {
  type Settings as Group,
  nameText,
  settingExact,
  settingsOf,
  settingText,
} from '../format/settings.ts'
import { Copy } from './copy.tsx'
import { Empty } from './notes.tsx'

const Setting = ({ parameter }: { readonly parameter: Parameter }) => {
  const { value, unit, symbol } = parameter
  const exact = settingExact(value, parameter)
  return (
    <div>
      <dt title={parameter.parameter}>{nameText(parameter.parameter)}</dt>
      <dd class="account">
        <data value={String(value)} title={exact}>
          {settingText(value, parameter)}
          {unit === 'amount' && symbol ? ` ${symbol}` : ''}
        </data>
        {unit === 'address' ? <Copy text={String(value)} what="the address" /> : null}
      </dd>
    </div>
  )
}

const Section = ({ group: { name, isWhole, asset, parameters } }: { readonly group: Group }) => (
  <details class="settings" open={isWhole || undefined}>
    <summary title={asset ?? undefined}>
      {name} <span class="soft small">{parameters.length}</span>
    </summary>
    <dl>
      {parameters.map((parameter) => (
        <Setting key={parameter.parameter} parameter={parameter} />
      ))}
    </dl>
  </details>
)

/** Parameters in words, by what they are of; exactly on hover. */
export const Settings = ({ parameters }: { readonly parameters: readonly Parameter[] }) =>
  parameters.length === 0 ? (
    <Empty title="No parameters are known">The market is not read yet, or nothing of it can be set.</Empty>
  ) : (
    <div>
      {settingsOf(parameters).map((group) => (
        <Section key={group.name} group={group} />
      ))}
    </div>
  )
