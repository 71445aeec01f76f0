/** Replaces every secret in a text; the longest come first where one is part of another. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)

/** Shorter texts are in everything. */
const SECRET_LENGTH_MIN = 4

/** Parts of an address that are as long as this may be keys by themselves. */
const KEY_LENGTH_MIN = 12

/** What of an address must not be printed: where providers put keys. Nothing of what is no address. */
export const secretPartsOf = (url: string): readonly string[] => {
  if (!URL.canParse(url)) return []
  const { pathname, search, searchParams, username, password } = new URL(url)
  const keys = [...pathname.split('/'), ...searchParams.values()].filter(
    ({ length }) => length >= KEY_LENGTH_MIN,
  )
  return [`${pathname}${search}`, pathname, search, username, password, ...keys]
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Secrets as `redact` takes them, also as they stand in an address, in JSON, or in JSON within JSON. */
export const redactable = (secrets: readonly string[]): readonly string[] => {
  const written = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    inJson(secret),
    inJson(inJson(secret)),
  ])
  return [...new Set(written)]
    .filter(({ length }) => length >= SECRET_LENGTH_MIN)
    .sort((a, b) => b.length - a.length)
}
