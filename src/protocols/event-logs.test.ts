import { type AbiEvent, encodeAbiParameters, encodeEventTopics, type Hex, parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { decodeLog } from './event-logs.ts'

const abi = parseAbi([
  'function total() view returns (uint256)',
  'event Moved(address indexed account, uint256 amount)',
  'event Stopped()',
])
const ACCOUNT = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'

const moved = encodeEventTopics({ abi, eventName: 'Moved', args: { account: ACCOUNT } }) as Hex[]
const amount = encodeAbiParameters([{ type: 'uint256' }], [7n])

test('A log is the event of its first topic', () => {
  expect(decodeLog(abi, { topics: moved, data: amount })).toEqual({
    eventName: 'Moved',
    args: { account: ACCOUNT, amount: 7n },
  })
  const topics = encodeEventTopics({ abi, eventName: 'Stopped' }) as Hex[]
  expect(decodeLog(abi, { topics, data: '0x' })?.eventName).toBe('Stopped')
})

test('A log of another event, without topics or cut short is none', () => {
  const foreign = encodeEventTopics({ abi: parseAbi(['event Other(uint256)']) }) as Hex[]
  expect(decodeLog(abi, { topics: foreign, data: amount })).toBeUndefined()
  expect(decodeLog(abi, { topics: [], data: amount })).toBeUndefined()
  expect(decodeLog(abi, { topics: moved.slice(0, 1), data: amount })).toBeUndefined()
  expect(decodeLog(abi, { topics: moved, data: '0x' })).toBeUndefined()
  expect(decodeLog(abi, { topics: moved, data: amount.slice(0, 20) as Hex })).toBeUndefined()
})

test('Of two events with the same topic the first counts', () => {
  const [first] = parseAbi(['event Moved(address indexed account, uint256 amount)'])
  const [second] = parseAbi(['event Moved(address indexed account, uint256 value)'])
  const both: readonly AbiEvent[] = [first, second]
  expect(decodeLog(both, { topics: moved, data: amount })?.args).toEqual({ account: ACCOUNT, amount: 7n })
})
