// Names, notes, vaults and boundaries that recorded worlds do not reach.
import fc from 'fast-check'
import {
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  getContractAddress,
  type Hex,
  pad,
  parseAbi,
  slice,
  toHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { vatAbi } from '../../../abis/maker.ts'
import type { Log } from '../../model/evm.ts'
import { draftOf, emptyMirror } from '../../store/draft.ts'
import { RAY } from '../../units/brands.ts'
import { priceAfter } from './curve.ts'
import { ilkNameOf, ilkOf } from './ilk-name.ts'
import { maker } from './index.ts'
import { keys, parseKey } from './keys.ts'
import { rpowHalfUp } from './math.ts'
import { argumentOf, noteTopics } from './notes.ts'
import { urnOfVault, vaultOf } from './vaults.ts'

const [deployment] = maker.deployments
if (!deployment) throw new Error('maker has no deployment')
const VAT = maker.rootContract(deployment)
const URN = getAddress(pad('0x0a11', { size: 20 }))
const OTHER = getAddress(pad('0x0b22', { size: 20 }))
const MANAGER = getAddress(pad('0x5ef3', { size: 20 }))

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => toHex(bytes))
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(toHex(bytes)))

/** A note as LibNote writes it: the selector and three arguments for topics, 224 bytes of calldata. */
const noteOf = (data: Hex): Log => {
  const calldata = pad(data, { dir: 'right', size: 224 })
  const topics = [
    pad(slice(data, 0, 4), { dir: 'right', size: 32 }),
    ...[0, 1, 2].map((index) => slice(calldata, 4 + 32 * index, 36 + 32 * index)),
  ]
  return {
    ...{ address: VAT, topics, blockNumber: 1n, blockHash: pad('0x01'), logIndex: 0 },
    ...{ transactionHash: pad('0x02'), data: encodeAbiParameters([{ type: 'bytes' }], [calldata]) },
  }
}

const touchedBy = (log: Log): readonly string[] => {
  const draft = draftOf(emptyMirror(deployment))
  return draft.apply(maker.reduce(draft.mirror, log))
}

describe('an ilk’s name', () => {
  test('is its text, where that can stand in a URL', () => {
    expect(ilkNameOf(ilkOf('ETH-A'))).toBe('ETH-A')
    expect(ilkNameOf(ilkOf('DIRECT-SPARK-MORPHO-DAI'))).toBe('DIRECT-SPARK-MORPHO-DAI')
  })

  test('is its bytes where it is no such text, or that of the shared market', () => {
    expect(ilkNameOf(pad('0x'))).toBe(pad('0x'))
    expect(ilkNameOf(ilkOf('a:b'))).toMatch(/^0x/)
    expect(ilkNameOf(ilkOf('system'))).toMatch(/^0x/)
  })

  test('gives the same bytes back, whatever they are', () => {
    fc.assert(
      fc.property(word, (ilk) => {
        expect(ilkOf(ilkNameOf(ilk))).toBe(ilk)
      }),
    )
  })
})

describe('notes of the Vat', () => {
  test('frob names its urn', () => {
    const args = [ilkOf('ETH-A'), URN, OTHER, OTHER, 1n, -1n] as const
    const log = noteOf(encodeFunctionData({ abi: vatAbi, functionName: 'frob', args }))
    expect(touchedBy(log)).toEqual([keys.urn('ETH-A', URN)])
  })

  test('fork names both urns', () => {
    const args = [ilkOf('ETH-A'), URN, OTHER, -5n, 7n] as const
    const log = noteOf(encodeFunctionData({ abi: vatAbi, functionName: 'fork', args }))
    expect(touchedBy(log)).toEqual([keys.urn('ETH-A', URN), keys.urn('ETH-A', OTHER)])
    expect(argumentOf(log, 3)).toBe(`0x${'f'.repeat(63)}b`)
  })

  test('others touch nothing', () => {
    const abi = parseAbi(['function move(address src, address dst, uint256 rad)'])
    const log = noteOf(encodeFunctionData({ abi, functionName: 'move', args: [URN, OTHER, 1n] }))
    expect(touchedBy(log)).toEqual([])
  })

  test('are followed by the selector', () => {
    expect(noteTopics(vatAbi, ['frob'])).toEqual([pad('0x76088703', { dir: 'right', size: 32 })])
    expect(noteTopics(vatAbi, ['grab'])).toEqual([pad('0x7bab3f40', { dir: 'right', size: 32 })])
  })
})

describe('vaults', () => {
  test('are the manager’s contracts, one after the other', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 300n }), (cdp) => {
        const urn = urnOfVault(MANAGER, cdp)
        expect(urn).toBe(getContractAddress({ from: MANAGER, nonce: cdp }))
        expect(vaultOf(MANAGER, urn, 300n)).toBe(cdp)
        expect(vaultOf(MANAGER, urn, cdp - 1n)).toBeUndefined()
      }),
    )
  })

  test('other urns are none', () => {
    fc.assert(
      fc.property(address, (urn) => {
        expect(vaultOf(MANAGER, urn, 300n)).toBeUndefined()
      }),
    )
  })
})

test('keys come apart as they were put together', () => {
  fc.assert(
    fc.property(address, address, fc.bigInt({ min: 1n, max: 10n ** 6n }), (urn, holder, vault) => {
      expect(parseKey(keys.urn('ETH-A', urn))).toEqual({ kind: 'urn', name: 'ETH-A', urn })
      expect(parseKey(keys.vaultUrn('ETH-A', urn, vault, holder))).toEqual({
        ...{ kind: 'urn', name: 'ETH-A', urn, vault, holder },
      })
      expect(parseKey(keys.vault(vault, holder))).toEqual({ kind: 'vault', vault, holder })
    }),
  )
})

describe('powers of rays', () => {
  test('of nothing and to nothing', () => {
    expect(rpowHalfUp(0n, 0n)).toBe(RAY)
    expect(rpowHalfUp(0n, 5n)).toBe(0n)
    expect(rpowHalfUp(2n * RAY, 10n)).toBe(1_024n * RAY)
  })

  test('overflow is refused without a reason', () => {
    const curve = { kind: 'exponential', cut: 2n ** 200n } as const
    expect(() => priceAfter(curve, RAY, 2n)).toThrow(expect.objectContaining({ message: '' }))
    expect(() => priceAfter({ kind: 'stairstep', step: 0n, cut: RAY }, RAY, 2n)).toThrow(
      expect.objectContaining({ message: '' }),
    )
  })
})

test('a linear price is over at tau, and not a second before', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 6n }), (tau) => {
      expect(priceAfter({ kind: 'linear', tau }, RAY, tau)).toBe(0n)
      expect(priceAfter({ kind: 'linear', tau }, RAY, tau - 1n)).toBe(RAY / tau)
    }),
  )
})
