// What governance changed of a market, and what that alone did to its loans.
import type { ParameterChange } from '../../client/client.ts'
import { usePages } from '../data/use-pages.ts'
import { countText } from '../format/numbers.ts'
import { nameText, placeText, settingExact, settingText } from '../format/settings.ts'
import { Answered } from './answered.tsx'
import { More } from './more.tsx'
import { Empty } from './notes.tsx'
import { Moment } from './time.tsx'

/** What changed together did together. */
const effectText = ({ effect }: ParameterChange): string => {
  const { movedCount, newlyLiquidatable, noLongerLiquidatable } = effect
  if (movedCount === 0) return 'no loan moved'
  const turned = [
    ...(newlyLiquidatable.count > 0 ? [`${countText(newlyLiquidatable.count)} now liquidatable`] : []),
    ...(noLongerLiquidatable.count > 0 ? [`${countText(noLongerLiquidatable.count)} no longer`] : []),
  ]
  return [`${countText(movedCount)} ${movedCount === 1 ? 'loan' : 'loans'} moved`, ...turned].join(', ')
}

const Row = ({ change }: { readonly change: ParameterChange }) => {
  const { block, parameter, asset, before, after } = change
  return (
    <tr>
      <td title={`block ${block.number}`}>
        <Moment at={block.timestamp} />
      </td>
      <td title={asset ?? undefined}>{placeText(change) || 'the market'}</td>
      <td title={parameter}>{nameText(parameter)}</td>
      <td class="right" title={settingExact(before, change)}>
        {settingText(before, change)}
      </td>
      <td class="right" title={settingExact(after, change)}>
        <strong>{settingText(after, change)}</strong>
      </td>
      <td class="soft">{effectText(change)}</td>
    </tr>
  )
}

/** The history of a market's parameters, newest first, page by page. */
export const SettingChanges = ({ market }: { readonly market: string }) => {
  const answer = usePages(['parameter-changes', market], (client, cursor, options) =>
    client.parameterChanges({ market, limit: 25, ...cursor }, options),
  )
  return (
    <Answered answer={answer} height={120}>
      {(pages) => {
        const changes = pages.flatMap((page) => page.changes)
        if (changes.length === 0)
          return <Empty title="Nothing has changed">Not since the market is followed.</Empty>
        return (
          <>
            <div class="scroll-x">
              <table class="plain-table">
                <thead>
                  <tr>
                    <th>When</th>
                    <th>Of</th>
                    <th>What</th>
                    <th class="right">Before</th>
                    <th class="right">After</th>
                    <th>That alone</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.map((change, index) => (
                    <Row key={`${change.block.number} ${index}`} change={change} />
                  ))}
                </tbody>
              </table>
            </div>
            <More pages={answer} />
          </>
        )
      }}
    </Answered>
  )
}
