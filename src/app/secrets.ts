import { receiverSecrets } from '../alerts/notifiers/index.ts'
import { redactable, secretPartsOf } from '../model/redact.ts'
import type { Config } from './config/config.ts'
import { serverSecrets } from './config/server.ts'

/** What must never be printed: the paths and queries of addresses, where providers put keys, what receivers are reached by, and everything from the environment. */
export const secretsOf = (config: Config, fromEnvironment: readonly string[]): readonly string[] =>
  redactable([
    ...config.chains.flatMap(({ rpc }) => rpc.flatMap(secretPartsOf)),
    ...config.receivers.flatMap(receiverSecrets),
    ...(config.deadMansSwitch ? secretPartsOf(config.deadMansSwitch.url) : []),
    ...serverSecrets(config.server),
    ...fromEnvironment,
  ])
