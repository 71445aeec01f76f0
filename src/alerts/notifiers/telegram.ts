// https://core.telegram.org/bots/api#sendmessage
import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import { messageOf } from '../messages.ts'
import { characters, fitted, htmlText, type Markup, render } from '../messages-render.ts'
import { httpUrl, post } from './http.ts'
import { defineKind } from './notifier.ts'

const schema = z.strictObject({
  botToken: z
    .string()
    .regex(/^\d+:[A-Za-z0-9_-]+$/, 'is no token of a bot, such as 123456:ABC-DEF')
    .describe('Token of the bot, as BotFather gives it.'),
  chatId: z
    .union([z.int(), z.string().regex(/^(-?\d+|@\w+)$/, 'is neither the number of a chat nor @channel')])
    .describe('Number of the chat, or @channel.'),
  threadId: z.int().positive().optional().describe('Topic of a forum.'),
  apiUrl: httpUrl.optional().describe('Another server of the Bot API.'),
})

/** Limit of a message, in UTF-16 units. */
const CHARACTERS_MAX = 4_096
/** What Telegram lets a bot send to one group in a minute. */
const MESSAGES_PER_MINUTE_MAX = 20

const markup: Markup = {
  text: htmlText,
  strong: (plain) => `<b>${htmlText(plain)}</b>`,
  code: (plain) => `<code>${htmlText(plain)}</code>`,
  link: ({ label, url }) => `<a href="${htmlText(url)}">${htmlText(label)}</a>`,
}

const textOf = (notification: Notification): string =>
  fitted(render(messageOf(notification), markup), characters(CHARACTERS_MAX))

type Refusal = { readonly description?: unknown; readonly parameters?: { readonly retry_after?: unknown } }

const detailOf = (answer: unknown): string | undefined => {
  const { description } = answer as Refusal
  return typeof description === 'string' ? description : undefined
}

/** A message of a bot, in HTML. */
export const telegram = defineKind({
  schema,
  isForPeople: true,
  messagesPerMinuteMax: MESSAGES_PER_MINUTE_MAX,
  secretsOf: ({ botToken, apiUrl }) => [
    botToken,
    ...botToken.split(':').slice(1),
    ...(apiUrl ? [apiUrl] : []),
  ],
  make: ({ botToken, chatId, threadId, apiUrl = 'https://api.telegram.org' }, tools) => ({
    send: (notification) =>
      post(
        {
          url: `${apiUrl.replace(/\/$/, '')}/bot${botToken}/sendMessage`,
          body: JSON.stringify({
            chat_id: chatId,
            ...(threadId === undefined ? {} : { message_thread_id: threadId }),
            text: textOf(notification),
            parse_mode: 'HTML',
            link_preview_options: { is_disabled: true },
          }),
          detailOf,
          retryAfterSecondsOf: (answer) => (answer as Refusal).parameters?.retry_after,
        },
        tools,
      ),
  }),
})
