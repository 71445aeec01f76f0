// Every action that commands may ask for, see `control.ts`.
import type { Action } from './control.ts'
import { acknowledge } from './control-alerts.ts'
import { addSilence, expireSilence } from './control-silences.ts'

export const actions: readonly Action[] = [acknowledge, addSilence, expireSilence]
