/** Names of fields and other texts that state repeats, each by a short number. */
export type Words = {
  /** The number of a text, a new one where it has none. */
  numberOf(text: string): number
  /** The text of a number. Throws where there is none: the bytes belong to another dictionary. */
  textOf(number: number): string
  /** Texts from a number on, in order. */
  since(number: number): readonly string[]
  readonly size: number
}

/** A dictionary of these texts, numbered from 0. */
export const createWords = (texts: Iterable<string> = []): Words => {
  const list = [...texts]
  const numbers = new Map(list.map((text, number) => [text, number]))
  return {
    numberOf: (text) => {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, list.length)
      return list.push(text) - 1
    },
    textOf: (number) => {
      const text = list[number]
      if (text === undefined)
        throw new Error(`state names word ${number}, which the dictionary does not have`)
      return text
    },
    since: (number) => list.slice(number),
    get size() {
      return list.length
    },
  }
}
