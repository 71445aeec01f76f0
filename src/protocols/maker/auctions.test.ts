// What candidates say of auctions, on recorded sales.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readVectors } from '../../../scripts/vector-files.ts'
import type { VectorFile } from '../vectors.ts'
import { auctions } from './auctions.ts'
import type { IlkMarket } from './state.ts'
import { saleOf, worldOf } from './vectors/recorded.ts'

const file = readVectors(
  join(import.meta.dirname, '..', '..', '..', 'test', 'vectors', 'maker', 'maker-1.auctions.json.gz'),
)
const SALE = '1'

const worlds = (file['auctions'] as readonly VectorFile[]).map((auction) =>
  worldOf(auction['system'], auction, auction['prices'][0].timestamp, { [SALE]: saleOf(auction['sale']) }),
)

test('what is bought is worth what the oracle says, whatever it costs', () => {
  let gains = 0
  for (const { market, env } of worlds) {
    const [auction] = auctions.list(market, env).auctions
    const sale = auctions.buy(market, env, { auction: SALE })
    if (sale.kind === 'blocked' || auction?.oraclePrice == null) continue
    expect(sale.bought.value).toBe(sale.bought.amount * auction.oraclePrice)
    if (sale.bought.value !== sale.paid.value) gains += 1
  }
  expect(gains).toBeGreaterThan(0)
})

describe('what is not known of auctions is told, and not left out', () => {
  const [world] = worlds
  if (!world) throw new Error('nothing is recorded')
  const market = world.market as IlkMarket

  test('where the ilk could not be read', () => {
    const fault = { reason: 'read-failed', detail: 'clip: reverted' } as const
    expect(auctions.list({ ...market, fault }, world.env)).toEqual({
      auctions: [],
      unknown: [{ auction: null, detail: 'clip: reverted' }],
    })
  })

  test('where a price curve is of an unknown make', () => {
    const clip = market.clip && { ...market.clip, curve: { kind: 'unknown' } as const }
    const { auctions: listed, unknown } = auctions.list({ ...market, ...(clip ? { clip } : {}) }, world.env)
    expect([listed, unknown.map(({ auction }) => auction)]).toEqual([[], [SALE]])
  })
})
