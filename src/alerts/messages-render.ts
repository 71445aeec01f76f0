// A message in the marks of a medium, no longer than it takes.
import type { Link, Message, Tone } from './messages.ts'

/** How a medium marks text; each takes plain text and answers it escaped. */
export type Markup = {
  text(plain: string): string
  strong(plain: string): string
  /** In letters of one width. */
  code(plain: string): string
  link(link: Link): string
}

/** `head` is the first line, `body` what may be cut at its end, `tail` what stays. All marked. */
export type Rendered = {
  readonly head: string
  readonly body: readonly string[]
  readonly tail: readonly string[]
}

const ICONS: Readonly<Record<Tone, string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  resolved: '🟢',
  retracted: '↩️',
  news: '⚓',
}

export const iconOf = ({ tone }: Message): string => ICONS[tone]

const linkLine = (links: readonly Link[], { link }: Markup): readonly string[] =>
  links.length === 0 ? [] : [links.map(link).join(' · ')]

/** A message in a medium's marks; the links of a message of one part stay when it is cut. */
export const render = (message: Message, markup: Markup): Rendered => {
  const [only, ...others] = message.parts
  const isSingle = others.length === 0
  return {
    head: markup.strong(`${iconOf(message)} ${message.headline}`),
    body: message.parts.flatMap(({ title, lines, rows = [], links }) => [
      ...(title === undefined ? [] : ['', markup.strong(title)]),
      ...lines.map(markup.text),
      ...rows.map(markup.code),
      ...(isSingle ? [] : linkLine(links, markup)),
    ]),
    tail: isSingle && only ? linkLine(only.links, markup) : [],
  }
}

/** `sizeOf` counts as the medium does: characters or bytes. */
export type Room = { readonly sizeMax: number; sizeOf(text: string): number }

/** By UTF-16 units, as most media count. */
export const characters = (sizeMax: number): Room => ({ sizeMax, sizeOf: ({ length }) => length })

const noteOf = (count: number): string => `… ${count} more line${count === 1 ? '' : 's'}`

/** All lines that fit, whole ones only: from the end of the body as many are left out as need be, which a note says; then from the tail. */
export const fitted = (
  { head, body, tail }: Rendered,
  { sizeMax, sizeOf }: Room,
  separator = '\n',
): string => {
  const sizeOfLines = (lines: readonly string[]): number =>
    lines.reduce((sum, line) => sum + sizeOf(`${separator}${line}`), 0)
  const roomFor = (last: readonly string[]): readonly string[] | undefined => {
    const whole = [...body, ...last]
    if (sizeOf(head) + sizeOfLines(whole) <= sizeMax) return [head, ...whole]
    const longestNote = noteOf(body.length)
    let left = sizeMax - sizeOf(head) - sizeOfLines([longestNote, ...last])
    const fits = (line: string): boolean => {
      left -= sizeOf(`${separator}${line}`)
      return left >= 0
    }
    if (left < 0) return undefined
    const firstHidden = body.findIndex((line) => !fits(line))
    const kept = body.slice(0, firstHidden)
    return [head, ...kept, noteOf(body.length - kept.length), ...last]
  }
  return (roomFor(tail) ?? roomFor([]) ?? [head]).join(separator)
}

/** Text without any marks. */
export const plainMarkup: Markup = {
  text: (plain) => plain,
  strong: (plain) => plain,
  code: (plain) => plain,
  link: ({ label, url }) => `${label}: ${url}`,
}

/** Text for HTML, also within attributes. */
export const htmlText = (plain: string): string =>
  plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
