// One account's loan and its market at a block, read as the product reads them on demand.
import type { Address } from 'viem'
import { envOf } from '../../src/monitor/assessing.ts'
import { readDue } from '../../src/monitor/reading.ts'
import type { Adapter, Deployment, Env, Key, Mirror } from '../../src/protocols/adapter.ts'
import { draftOf, emptyMirror } from '../../src/store/draft.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { chainAt } from './follower.ts'

const READ_ROUNDS_MAX = 10

/** Reads accounts and their markets at the head. */
export type StateReader = {
  /** `named` are keys to be read once the market is known. */
  read(accounts: readonly Address[], named?: readonly Key[]): Promise<Mirror>
  close(): void
}

/** A reader of one deployment on a devnet. */
export const createStateReader = (devnet: Devnet, adapter: Adapter, deployment: Deployment): StateReader => {
  const chain = chainAt(devnet.url, devnet.chainId)
  return {
    read: async (accounts, named = []) => {
      const block = await chain.head()
      const draft = draftOf(emptyMirror(deployment, adapter))
      const { mirror } = draft
      const readAll = (keys: readonly Key[]) =>
        readDue([{ adapter, draft, one: new Set(), many: new Set(keys) }], {
          block,
          read: async (calls) => chain.read(block, calls, []),
          ancestors: [],
          extraCalls: [],
          readRoundsMax: READ_ROUNDS_MAX,
          isObsolete: () => false,
        })
      const located = accounts.flatMap((account) => adapter.locate(mirror, account))
      await readAll([...adapter.stateKeys(mirror), ...located])
      if (named.length > 0) await readAll(named)
      return mirror
    },
    close: () => chain.close(),
  }
}

/** What a transaction meets that is mined `seconds` after the devnet's head. */
export const nextEnv = async (devnet: Devnet, mirror: Mirror, seconds: number): Promise<Env> => {
  const { number, hash, timestamp } = await devnet.head()
  const next = { chainId: devnet.chainId, number: BigInt(number) + 1n, hash, timestamp: timestamp + seconds }
  return envOf(mirror, next, () => null)
}
