import { customType } from 'drizzle-orm/sqlite-core'
import { decodeState, encodeState } from '../model/state-text.ts'

/** A column of protocol state; the adapter that wrote it knows its type. */
export const stateJson = <T>() =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: encodeState,
    fromDriver: (text) => decodeState(text) as T,
  })
