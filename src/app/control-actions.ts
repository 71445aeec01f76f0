// Every action that commands may ask for, see `control.ts`.
import type { Action } from './control.ts'
import { acknowledge } from './control-alerts.ts'
import { resend } from './control-receivers.ts'
import { addSilence, expireSilence } from './control-silences.ts'
import { addWatch, endWatch } from './control-watches.ts'

export const actions: readonly Action[] = [acknowledge, addSilence, expireSilence, addWatch, endWatch, resend]
