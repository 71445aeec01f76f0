// A process that delivers an outbox to a webhook until it is killed: `delivering.ts DATABASE URL`.
import { createDeliverer, defaultDeliveryLimits } from '../../src/alerts/deliver.ts'
import { notifierOf } from '../../src/alerts/notifiers/index.ts'
import { nowMs, sleep } from '../../src/app/clock.ts'
import { openDatabase } from '../../src/store/database.ts'
import { outboxOf } from '../support/outbox.ts'

const [file = '', url = ''] = process.argv.slice(2)
const tools = { nowMs, writeLine: () => undefined, timeoutMs: 150 }
const deliverer = createDeliverer({
  outbox: outboxOf(openDatabase(file)),
  notifiers: new Map([['hook', notifierOf({ name: 'hook', webhook: { url, secret: 'hush' } }, tools)]]),
  limits: { ...defaultDeliveryLimits, attemptsMax: 1_000, backoffMsMin: 2, backoffMsMax: 50 },
  ...{ nowMs, sleep, random: Math.random, onEvent: () => undefined },
})
await deliverer.run(new AbortController().signal)
