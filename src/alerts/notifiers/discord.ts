// https://docs.discord.com/developers/resources/webhook#execute-webhook
import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import { cut } from '../../units/cut.ts'
import { type Message, messageOf, type Tone } from '../messages.ts'
import { characters, fitted, iconOf, type Markup, render } from '../messages-render.ts'
import { httpUrl, post } from './http.ts'
import { defineKind } from './notifier.ts'

const schema = z.strictObject({
  url: httpUrl.describe('Address of the webhook, as Discord gives it.'),
  threadId: z
    .string()
    .regex(/^\d+$/, 'is no number of a thread')
    .optional()
    .describe('A thread of the channel.'),
})

/** Limits of an embed. */
const [TITLE_CHARACTERS_MAX, DESCRIPTION_CHARACTERS_MAX] = [256, 4_096]
/** What Discord lets a webhook send in a minute. */
const MESSAGES_PER_MINUTE_MAX = 30

const COLOURS: Readonly<Record<Tone, number>> = {
  critical: 0xd92d20,
  warning: 0xf79009,
  info: 0x2e90fa,
  resolved: 0x12b76a,
  retracted: 0x667085,
  news: 0x344054,
}

/** Everything that Discord reads as a mark, or as an address to link, behind a backslash. */
const escaped = (plain: string): string =>
  plain.replace(/[\\*_~`|<>[\]()#@]|:(?=\/\/)|^[-+](?=\s)/g, (mark) => `\\${mark}`)

const markup: Markup = {
  text: escaped,
  strong: (plain) => `**${escaped(plain)}**`,
  code: (plain) => `\`${plain.replaceAll('`', "'")}\``,
  link: ({ label, url }) => `[${escaped(label)}](${url.replace(/[()\s]/g, encodeURIComponent)})`,
}

/** A title is not read for marks but for escapes and emphasis; what is cut is cut before it is escaped. */
const titleOf = (message: Message): string => {
  const whole = `${iconOf(message)} ${message.headline}`
  let charactersMax = TITLE_CHARACTERS_MAX
  while (escaped(cut(whole, charactersMax)).length > TITLE_CHARACTERS_MAX) charactersMax -= 8
  return escaped(cut(whole, charactersMax))
}

const bodyOf = (notification: Notification) => {
  const message = messageOf(notification)
  const { body, tail } = render(message, markup)
  const [first = '', ...rest] = [...body]
  return {
    embeds: [
      {
        title: titleOf(message),
        description: fitted({ head: first, body: rest, tail }, characters(DESCRIPTION_CHARACTERS_MAX)),
        color: COLOURS[message.tone],
      },
    ],
    allowed_mentions: { parse: [] },
  }
}

const addressOf = (url: string, threadId: string | undefined): string => {
  const address = new URL(url)
  address.searchParams.set('wait', 'true')
  if (threadId !== undefined) address.searchParams.set('thread_id', threadId)
  return address.toString()
}

type Refusal = { readonly message?: unknown; readonly retry_after?: unknown }

/** An embed of a webhook; nobody is mentioned. */
export const discord = defineKind({
  schema,
  isForPeople: true,
  messagesPerMinuteMax: MESSAGES_PER_MINUTE_MAX,
  secretsOf: ({ url }) => [url],
  make: ({ url, threadId }, tools) => ({
    send: (notification) =>
      post(
        {
          url: addressOf(url, threadId),
          body: JSON.stringify(bodyOf(notification)),
          detailOf: (answer) => {
            const { message } = answer as Refusal
            return typeof message === 'string' ? message : undefined
          },
          retryAfterSecondsOf: (answer) => (answer as Refusal).retry_after,
        },
        tools,
      ),
  }),
})
