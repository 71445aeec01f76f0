// A message as e-mail: subject, text, HTML, and the headers that keep threads together.
import { createHash } from 'node:crypto'
import type { Notification } from '../../model/alert.ts'
import { type Message, messageOf, type Part, type Tone } from '../messages.ts'
import { htmlText, iconOf, plainMarkup, render } from '../messages-render.ts'

const COLOURS: Readonly<Record<Tone, string>> = {
  critical: '#d92d20',
  warning: '#b54708',
  info: '#175cd3',
  resolved: '#067647',
  retracted: '#475467',
  news: '#344054',
}

const FONT = 'font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#101828'
const MONOSPACE = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;line-height:1.4'

const linkHtml = ({ label, url }: Part['links'][number]): string =>
  `<a href="${htmlText(url)}">${htmlText(label)}</a>`

const partHtml = ({ title, lines, rows = [], links }: Part): string =>
  [
    ...(title === undefined ? [] : [`<h3 style="margin:20px 0 4px">${htmlText(title)}</h3>`]),
    ...lines.map((line) => `<p style="margin:4px 0">${htmlText(line)}</p>`),
    ...(rows.length === 0 ? [] : [`<pre style="${MONOSPACE}">${rows.map(htmlText).join('\n')}</pre>`]),
    ...(links.length === 0 ? [] : [`<p style="margin:8px 0">${links.map(linkHtml).join(' · ')}</p>`]),
  ].join('\n')

const htmlOf = (message: Message): string =>
  [
    `<!doctype html><html><body style="${FONT}">`,
    `<h2 style="margin:0 0 8px;color:${COLOURS[message.tone]}">${htmlText(message.headline)}</h2>`,
    ...message.parts.map(partHtml),
    '</body></html>',
  ].join('\n')

const textOf = (message: Message): string => {
  const { body, tail } = render(message, plainMarkup)
  return `${[message.headline, '', ...body, ...tail].join('\n')}\n`
}

/** Ids are hashes already; anything else becomes one, so that no id breaks a header. */
const headerId = (id: string): string =>
  /^[A-Za-z0-9]+$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 32)

/** What a thread hangs on: an episode of an alert, or the fingerprint of anything else. */
const threadOf = (notification: Notification): string =>
  notification.kind === 'alert'
    ? `${headerId(notification.fingerprint)}.${notification.startsAt}`
    : headerId(notification.fingerprint)

/**
 * The fields of an e-mail. The same notification has the same `messageId` always, and all of one episode refer to one thread:
 * `domain` is the sender's.
 */
export const emailOf = (notification: Notification, domain: string) => {
  const message = messageOf(notification)
  const thread = `<thread.${threadOf(notification)}@${domain}>`
  return {
    messageId: `<${headerId(notification.id)}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    subject: `${iconOf(message)} ${message.headline}`,
    text: textOf(message),
    html: htmlOf(message),
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(message.tone === 'critical' ? { Importance: 'high' } : {}),
    },
  }
}
