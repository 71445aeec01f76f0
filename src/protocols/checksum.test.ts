import { InvalidAddressError } from 'viem'
import { expect, test } from 'vitest'
import { checksummed } from './checksum.ts'

const LOWER = '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'
const CHECKSUMMED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'

test('Any case gets its checksum, and what is no address is refused every time', () => {
  for (const text of [LOWER, CHECKSUMMED, `0x${LOWER.slice(2).toUpperCase()}`, LOWER])
    expect(checksummed(text)).toBe(CHECKSUMMED)
  for (const text of ['', '0x', `${LOWER}00`, 'account'])
    for (let times = 0; times < 2; times++) expect(() => checksummed(text)).toThrow(InvalidAddressError)
})
