import type { Transaction } from '../plan.ts'
import type { Action, CallAction } from './actions.ts'
import { accountEncoders } from './encode-account.ts'
import { adminEncoders } from './encode-admin.ts'
import { priceEncoders } from './encode-price.ts'
import type { EncodeContext, Encoders } from './encoder.ts'

const callEncoders: Encoders<CallAction['kind']> = {
  call: (_, { from, to, data }) => [{ from, to, data }],
}

const encoders: Encoders<Action['kind']> = {
  ...accountEncoders,
  ...priceEncoders,
  ...adminEncoders,
  ...callEncoders,
}

type Encode = (context: EncodeContext, action: Action) => ReturnType<Encoders<Action['kind']>['call']>

/** The transactions of an action, in order; the last is the action itself. */
export const encodeAction = async (context: EncodeContext, action: Action): Promise<readonly Transaction[]> =>
  (encoders[action.kind] as Encode)(context, action)
