// https://docs.ntfy.sh/publish/#publish-as-json
import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import { type Message, messageOf, type Tone } from '../messages.ts'
import { fitted, plainMarkup, type Room, render } from '../messages-render.ts'
import { httpUrl, post } from './http.ts'
import { defineKind } from './notifier.ts'

const schema = z.strictObject({
  topic: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'may hold letters, digits, _ and - only, at most 64')
    .describe('The topic; whoever knows its name can read it, where the server asks for no token.'),
  url: httpUrl.optional().describe('The server; left out: https://ntfy.sh.'),
  token: z.string().min(1).optional().describe('Access token.'),
})

/** A shorter name of a topic is a word that others use, no secret. */
const GUESSED_LENGTH_MIN = 12

/** A longer message becomes an attachment. */
const BYTES_MAX = 4_096
const room: Room = { sizeMax: BYTES_MAX, sizeOf: (text) => Buffer.byteLength(text) }
/** What ntfy.sh lets a visitor send: one message in five seconds, after the first sixty. */
const MESSAGES_PER_MINUTE_MAX = 12

type Style = { readonly priority: number; readonly tag: string }

/** Priorities from 1 (min) to 5 (max), tags by ntfy's names of emojis. */
const STYLES: Readonly<Record<Tone, Style>> = {
  critical: { priority: 5, tag: 'rotating_light' },
  warning: { priority: 4, tag: 'warning' },
  info: { priority: 3, tag: 'information_source' },
  resolved: { priority: 3, tag: 'white_check_mark' },
  retracted: { priority: 3, tag: 'leftwards_arrow_with_hook' },
  news: { priority: 2, tag: 'anchor' },
}

const linksOf = ({ parts }: Message) => parts[0]?.links ?? []

/** ntfy shows at most three buttons; a tap opens the first link. */
const ACTIONS_MAX = 3

const bodyOf = (topic: string, notification: Notification) => {
  const message = messageOf(notification)
  const { priority, tag } = STYLES[message.tone]
  const [first = message.headline, ...rest] = render(message, plainMarkup).body
  const [click] = linksOf(message)
  return {
    topic,
    title: message.headline,
    message: fitted({ head: first, body: rest, tail: [] }, room),
    priority,
    tags: [tag],
    ...(click ? { click: click.url } : {}),
    actions: linksOf(message)
      .slice(0, ACTIONS_MAX)
      .map(({ label, url }) => ({ action: 'view', label, url })),
  }
}

/** A push message. */
export const ntfy = defineKind({
  schema,
  isForPeople: true,
  messagesPerMinuteMax: MESSAGES_PER_MINUTE_MAX,
  secretsOf: ({ topic, url, token }) => [
    ...(topic.length >= GUESSED_LENGTH_MIN ? [topic] : []),
    ...(url ? [url] : []),
    ...(token ? [token] : []),
  ],
  make: ({ topic, url = 'https://ntfy.sh', token }, tools) => ({
    send: (notification) =>
      post(
        {
          url,
          body: JSON.stringify(bodyOf(topic, notification)),
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
          detailOf: (answer) => {
            const { error } = answer as { error?: unknown }
            return typeof error === 'string' ? error : undefined
          },
        },
        tools,
      ),
  }),
})
