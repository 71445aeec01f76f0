import * as addressBook from '@aave-dao/aave-address-book'
import { expect, test } from 'vitest'
import { SEQUENCER_FEEDS } from './sequencer-feeds.ts'

type Book = { readonly CHAIN_ID?: number; readonly L2_Sequencer_Uptime_Status_Feed?: string }

test('every uptime feed that the address book has, and no other', () => {
  const known = Object.entries(addressBook as Readonly<Record<string, Book>>).flatMap(
    ([name, { CHAIN_ID, L2_Sequencer_Uptime_Status_Feed: feed }]) =>
      name.startsWith('Chainlink') && CHAIN_ID && feed ? [[CHAIN_ID, feed] as const] : [],
  )
  expect(new Map(known)).toEqual(SEQUENCER_FEEDS)
})
