import type { Config } from './config/config.ts'

/** What must never be printed: the paths and queries of addresses, where providers put keys, and everything from the environment. */
export const secretsOf = (config: Config, fromEnvironment: readonly string[]): readonly string[] => {
  const urls = [
    ...config.chains.flatMap(({ rpc }) => rpc),
    ...config.receivers.flatMap(({ webhook }) => (webhook ? [webhook.url] : [])),
    ...(config.deadMansSwitch ? [config.deadMansSwitch.url] : []),
  ]
  const parts = urls.flatMap((url) => {
    const { pathname, search, username, password } = new URL(url)
    return [`${pathname}${search}`, username, password]
  })
  const webhookSecrets = config.receivers.flatMap(({ webhook }) => (webhook?.secret ? [webhook.secret] : []))
  const all = [...parts, ...webhookSecrets, ...fromEnvironment]
  return [...new Set(all)].filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length)
}

/** Replaces every secret in a text. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
