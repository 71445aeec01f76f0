// The contracts of any Aave release since 3.1, told the folder of its artifacts.
import type { Address } from 'viem'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { openAccounts } from '../devnet/aave-v3/accounts.ts'
import type { Action } from '../devnet/aave-v3/actions.ts'
import { encodeAction } from '../devnet/aave-v3/encode.ts'
import type { EncodeContext } from '../devnet/aave-v3/encoder.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { createActivity } from '../devnet/aave-v3/random-activity.ts'
import { RESERVES } from '../devnet/aave-v3/reserves.ts'
import { AGREEING, creationCode } from '../devnet/bytecode.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { type FeedCodes, loadFeedCodes } from '../devnet/feeds.ts'
import type { DeployLocal } from '../devnet/local-protocol.ts'
import { createPlan, namedAccount } from '../devnet/plan.ts'
import { sendAll } from '../devnet/send-all.ts'
import { coverDeficit, crash, liquidations, newLoan, type Scene, unusual } from './aave-v3/actions.ts'
import { deployPool, type RecordedPool, SENTINEL_GRACE_SECONDS } from './aave-v3/deploy.ts'
import { govern, restored, unguarded } from './aave-v3/governance.ts'
import { anySeconds } from './any-seconds.ts'
import { readArtifacts, sourceOf } from './artifacts.ts'

/** Encoders' context of a block of this pool. */
const contextOf = (
  { rpc }: Devnet,
  addresses: RecordedPool,
  feedCodes: FeedCodes,
  nextDeployer: () => string,
): EncodeContext => ({
  ...{ rpc, addresses, feedCodes, rounds: new Map(), added: [] },
  freshPlan: () => createPlan(namedAccount(nextDeployer())),
})

/** What a block holds besides ordinary activity; `undo` is kept for the next. */
const besides = async (scene: Scene, undo: Action[]): Promise<readonly Action[]> => {
  const { artifacts, pool, random } = scene
  const actions: Action[] = undo.splice(0)
  if (random.chance(0.12)) actions.push(...restored(artifacts, pool, random))
  const isSurprise = random.chance(0.006)
  if (isSurprise || random.chance(0.35)) {
    const change = isSurprise ? unguarded(artifacts, pool) : govern(artifacts, pool, random)
    actions.push(...change.actions)
    undo.push(...(change.undo ?? []))
  }
  if (random.chance(0.85)) actions.push(...(await liquidations(scene, random.integer(1, 3))))
  if (random.chance(0.2)) actions.push(...(await coverDeficit(scene)))
  if (random.chance(0.3)) actions.push(...unusual(scene))
  if (random.chance(0.4)) actions.push(...newLoan(scene))
  if (random.chance(0.25)) actions.push(...crash(scene))
  return actions
}

const receiverOn = async (devnet: Devnet): Promise<Address> => {
  const plan = createPlan(namedAccount('recorded receiver'))
  const receiver = plan.deploy(creationCode(AGREEING))
  await sendAll(devnet, 'receiver', plan.transactions)
  return receiver
}

export const contracts = sourceOf

/** An Aave pool beside the devnet's own, over its tokens and feeds. */
export const deployFrom =
  (folder: string): DeployLocal =>
  async (devnet, random, accounts) => {
    const artifacts = readArtifacts(folder)
    const codes = loadFeedCodes()
    const pool = await deployPool(devnet, artifacts, codes)
    let deployers = 0
    const context = () => contextOf(devnet, pool, codes, () => `recorded deployer ${deployers++}`)
    const send = async (actions: readonly Action[], seconds?: number) => {
      const block = context()
      const transactions = []
      for (const action of actions) transactions.push(...(await encodeAction(block, action)))
      return devnet.send(transactions, seconds)
    }
    const reserves = RESERVES.map(({ stableRate: _, ...reserve }) => reserve)
    const specs = accounts.map((account) => randomAccount(random, account, { reserves }))
    await openAccounts(context(), devnet, specs, {
      tolerateReverts: true,
      seconds: SENTINEL_GRACE_SECONDS + 1,
    })
    const scene = { devnet, artifacts, pool, random, accounts, receiver: await receiverOn(devnet) }
    const activity = createActivity(random, specs, {
      ...{ actionsPerBlockMax: 5, configuration: false, feedFaults: true },
    })
    const undo: Action[] = []
    return {
      wanted: {
        adapter: aaveV3,
        deployment: {
          ...{ chainId: devnet.chainId, protocol: aaveV3.protocol, deployment: 'recorded' },
          poolAddressesProvider: pool.poolAddressesProvider,
          fromBlock: BigInt(pool.fromBlock),
        },
      },
      stir: async () =>
        send([...activity.next().actions, ...(await besides(scene, undo))], anySeconds(random)),
      breakOne: () => send([{ kind: 'breakFeed', asset: 'LINK', how: 'revert' }]),
    }
  }
