// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import { messageOf } from '../messages.ts'
import { characters, fitted, iconOf, type Markup, render } from '../messages-render.ts'
import { httpUrl, post } from './http.ts'
import { defineKind } from './notifier.ts'

const schema = z.strictObject({
  url: httpUrl.describe('Address of the incoming webhook, as Slack gives it.'),
})

/** Limit of the text of a block. */
const CHARACTERS_MAX = 3_000
/** What Slack lets a webhook send: one message a second. */
const MESSAGES_PER_MINUTE_MAX = 60

const escaped = (plain: string): string =>
  plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Slack knows no escape for its marks: within bold and code, those that would end it are replaced by look-alikes. */
const markup: Markup = {
  text: escaped,
  strong: (plain) => `*${escaped(plain).replaceAll('*', '∗')}*`,
  code: (plain) => `\`${escaped(plain).replaceAll('`', "'")}\``,
  link: ({ label, url }) => `<${escaped(url.replace(/\|/g, '%7C'))}|${escaped(label).replaceAll('|', '¦')}>`,
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })

const bodyOf = (notification: Notification) => {
  const message = messageOf(notification)
  const { head, body, tail } = render(message, markup)
  const [first = ' ', ...rest] = body
  return {
    text: escaped(`${iconOf(message)} ${message.headline}`),
    blocks: [section(head), section(fitted({ head: first, body: rest, tail }, characters(CHARACTERS_MAX)))],
    unfurl_links: false,
    unfurl_media: false,
  }
}

/** A message of an incoming webhook, in blocks. */
export const slack = defineKind({
  schema,
  isForPeople: true,
  messagesPerMinuteMax: MESSAGES_PER_MINUTE_MAX,
  secretsOf: ({ url }) => [url],
  make: ({ url }, tools) => ({
    send: (notification) => post({ url, body: JSON.stringify(bodyOf(notification)) }, tools),
  }),
})
