// Many alerts at a time as one message.
import type { Alert, AlertNotification, GroupNotification } from '../model/alert.ts'
import { groupFingerprint, groupId } from './fingerprint.ts'
import { labelOf } from './labels.ts'
import type { NotifySettings } from './settings.ts'

/** So many alerts go in one message; more go in another one. */
const ALERTS_PER_MESSAGE_MAX = 100

/** Names the group of an alert. */
export const groupOf = (alert: Alert, { groupBy }: NotifySettings): string =>
  groupFingerprint(groupBy.map((name) => [name, labelOf(alert, name)]))

/** What leaves for receivers: messages, and of each alert's message the id of the one in which it goes. */
type Grouped = {
  readonly notifications: readonly (AlertNotification | GroupNotification)[]
  readonly sentAs: ReadonlyMap<string, string>
}

const chunksOf = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / ALERTS_PER_MESSAGE_MAX) }, (_, index) =>
    items.slice(index * ALERTS_PER_MESSAGE_MAX, (index + 1) * ALERTS_PER_MESSAGE_MAX),
  )

/**
 * Puts alerts of the same receiver and `group` into one message where there are more than `groupMin`; the order stays.
 * Messages without a group go alone.
 */
export const grouped = (messages: readonly AlertNotification[], { groupMin }: NotifySettings): Grouped => {
  const groups = new Map<string, AlertNotification[]>()
  for (const message of messages) {
    const key = message.group === undefined ? message.id : `${message.receiver} ${message.group}`
    const known = groups.get(key)
    if (known) known.push(message)
    else groups.set(key, [message])
  }
  const sentAs = new Map<string, string>()
  const notifications = [...groups.values()].flatMap(
    (members): readonly (AlertNotification | GroupNotification)[] => {
      const [{ group, receiver } = { group: undefined, receiver: '' }] = members
      if (group === undefined || members.length <= groupMin) return members
      return chunksOf(members).map((alerts) => {
        const id = groupId(
          group,
          alerts.map((alert) => alert.id),
        )
        for (const alert of alerts) sentAs.set(alert.id, id)
        return { kind: 'group', id, fingerprint: group, receiver, alerts }
      })
    },
  )
  return { notifications, sentAs }
}
