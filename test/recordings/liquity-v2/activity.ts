// What happens in a block: owners, batch managers, depositors, redeemers and liquidators at work, prices that move, much of it refused.
import { type Address, maxUint256 } from 'viem'
import type { Transaction } from '../../devnet/plan.ts'
import type { Named } from '../artifacts.ts'
import type { RecordedBranch } from './deploy.ts'
import {
  boldOf,
  type KnownTrove,
  priceOf,
  type Scene,
  sendTo,
  transferData,
  trovesOf,
  wadOf,
} from './scene.ts'

/** Few of them, so that many troves share a rate. */
const RATES = [0.005, 0.02, 0.035, 0.035, 0.05, 0.1, 0.25]
const OWNER_INDEX_MAX = 10_000

const anyRate = ({ random }: Scene): bigint => wadOf(random.pick(RATES))

const toBorrower = (scene: Scene, from: Address, branch: RecordedBranch, name: string, args: Named) =>
  sendTo(scene, from, branch.borrowerOperations, 'BorrowerOperations', name, args)

const HINTS = { _upperHint: 0n, _lowerHint: 0n, _maxUpfrontFee: maxUint256 }

/** A debt of a few thousand, and collateral for it a little or a lot above what the branch demands. */
const loanOf = (scene: Scene, branch: RecordedBranch) => {
  const { random } = scene
  const debt = random.magnitude(1_950, 40_000)
  const ratio = branch.MCR * random.magnitude(1.001, 1.7)
  return { bold: wadOf(debt), coll: wadOf((debt * ratio) / priceOf(scene, branch)) }
}

const openAlone = (scene: Scene, branch: RecordedBranch, owner: Address): Transaction => {
  const { bold, coll } = loanOf(scene, branch)
  const [_addManager, _removeManager, _receiver] = Array(3).fill('0x0000000000000000000000000000000000000000')
  return toBorrower(scene, owner, branch, 'openTrove', {
    ...{ _owner: owner, _ownerIndex: BigInt(scene.random.integer(0, OWNER_INDEX_MAX)) },
    ...{ _collAmount: coll, _boldAmount: bold, _annualInterestRate: anyRate(scene), ...HINTS },
    ...{ _addManager, _removeManager, _receiver },
  })
}

const openInBatch = (scene: Scene, branch: RecordedBranch, owner: Address, manager: Address): Transaction => {
  const { bold, coll } = loanOf(scene, branch)
  const zero = '0x0000000000000000000000000000000000000000'
  return toBorrower(scene, owner, branch, 'openTroveAndJoinInterestBatchManager', {
    _params: {
      ...{ owner, ownerIndex: BigInt(scene.random.integer(0, OWNER_INDEX_MAX)) },
      ...{ collAmount: (coll * 112n) / 100n, boldAmount: bold, upperHint: 0n, lowerHint: 0n },
      ...{ interestBatchManager: manager, maxUpfrontFee: maxUint256 },
      ...{ addManager: zero, removeManager: zero, receiver: zero },
    },
  })
}

const managersOf = ({ managers }: Scene, { name }: RecordedBranch): Address[] => {
  const known = managers.get(name) ?? []
  managers.set(name, known)
  return known
}

const register = (scene: Scene, branch: RecordedBranch): Transaction => {
  const manager = scene.random.pick(scene.accounts)
  managersOf(scene, branch).push(manager)
  return toBorrower(scene, manager, branch, 'registerBatchManager', {
    ...{ _minInterestRate: wadOf(0.005), _maxInterestRate: wadOf(1) },
    ...{ _currentInterestRate: anyRate(scene), _minInterestRateChangePeriod: 3_600n },
    _annualManagementFee: wadOf(scene.random.pick([0, 0.001, 0.02, 0.1])),
  })
}

/** What the manager of a batch does with it. */
const manage = (scene: Scene, branch: RecordedBranch): Transaction => {
  const { random } = scene
  const managers = managersOf(scene, branch)
  if (managers.length === 0 || random.chance(0.1)) return register(scene, branch)
  const manager = random.pick(managers)
  return random.chance(0.75)
    ? toBorrower(scene, manager, branch, 'setBatchManagerAnnualInterestRate', {
        _newAnnualInterestRate: anyRate(scene),
        ...HINTS,
      })
    : toBorrower(scene, manager, branch, 'lowerBatchManagementFee', {
        _newAnnualManagementFee: wadOf(random.pick([0, 0.0005, 0.01])),
      })
}

const adjustZombie = (scene: Scene, branch: RecordedBranch, { id, owner }: KnownTrove): Transaction =>
  toBorrower(scene, owner, branch, 'adjustZombieTrove', {
    ...{ _troveId: id, _collChange: wadOf(20_000 / priceOf(scene, branch)), _isCollIncrease: true },
    ...{ _boldChange: wadOf(scene.random.magnitude(1_000, 6_000)), _isDebtIncrease: true, ...HINTS },
  })

/** What the owner of a trove does with it. */
const ofOwner = (scene: Scene, branch: RecordedBranch, trove: KnownTrove): Transaction => {
  const { random, accounts } = scene
  const { id: _troveId, owner } = trove
  const send = (name: string, args: Named): Transaction =>
    toBorrower(scene, owner, branch, name, { _troveId, ...args })
  const coll = wadOf(random.magnitude(20, 8_000) / priceOf(scene, branch))
  const bold = wadOf(random.magnitude(20, 8_000))
  const manager = random.pick([...managersOf(scene, branch), random.pick(accounts)])
  if (trove.isZombie && random.chance(0.5)) return adjustZombie(scene, branch, trove)
  switch (random.integer(0, 12)) {
    case 0:
      return send('addColl', { _collAmount: coll })
    case 1:
    case 2:
      return send('withdrawColl', { _collWithdrawal: coll })
    case 3:
    case 4:
      return send('withdrawBold', { _boldAmount: bold, _maxUpfrontFee: maxUint256 })
    case 5:
      return send('repayBold', { _boldAmount: bold })
    case 6:
      return send('closeTrove', {})
    case 7:
      return send('adjustTroveInterestRate', { _newAnnualInterestRate: anyRate(scene), ...HINTS })
    case 8:
      return send('applyPendingDebt', HINTS)
    case 9:
      return send('setInterestBatchManager', { _newBatchManager: manager, ...HINTS })
    case 10:
      return send('removeFromBatch', { _newAnnualInterestRate: anyRate(scene), ...HINTS })
    case 11:
      return send('switchBatchManager', {
        ...{ _newBatchManager: manager, _maxUpfrontFee: maxUint256 },
        ...{ _removeUpperHint: 0n, _removeLowerHint: 0n, _addUpperHint: 0n, _addLowerHint: 0n },
      })
    default:
      return {
        from: owner,
        to: branch.troveNFT,
        data: transferData(owner, random.pick(accounts), _troveId),
      }
  }
}

const deposit = async (scene: Scene, branch: RecordedBranch): Promise<Transaction> => {
  const { random } = scene
  const from = random.pick(scene.accounts)
  const send = (name: string, args: Named) =>
    sendTo(scene, from, branch.stabilityPool, 'StabilityPool', name, args)
  if (random.chance(0.45)) {
    const _amount = random.chance(0.3) ? maxUint256 : wadOf(random.magnitude(1, 20_000))
    return send('withdrawFromSP', { _amount, _doClaim: random.chance(0.5) })
  }
  const balance = await boldOf(scene, from)
  return send('provideToSP', { _topUp: balance / BigInt(random.integer(1, 5)), _doClaim: random.chance(0.5) })
}

const redeem = async (
  scene: Scene,
  branch: RecordedBranch,
  troves: readonly KnownTrove[],
): Promise<Transaction> => {
  const { random, liquity } = scene
  const from = random.pick(scene.accounts)
  const balance = await boldOf(scene, from)
  const _boldAmount = random.chance(0.4)
    ? wadOf(random.magnitude(1, 9_000))
    : balance / BigInt(random.integer(1, 3))
  if (random.chance(0.2)) {
    const _troveIds = random.sample(troves, 3).map(({ id }) => id)
    const args = { _boldAmount, _troveIds, _minCollateral: 0n }
    return sendTo(scene, from, branch.troveManager, 'TroveManager', 'urgentRedemption', args)
  }
  return sendTo(scene, from, liquity.collateralRegistry, 'CollateralRegistry', 'redeemCollateral', {
    ...{ _boldAmount, _maxFeePercentage: wadOf(1) },
    _maxIterationsPerCollateral: BigInt(random.pick([0, 0, 2, 5])),
  })
}

const liquidate = (scene: Scene, branch: RecordedBranch, troves: readonly KnownTrove[]): Transaction => {
  const { random, accounts } = scene
  const some = random.chance(0.4) ? troves : random.sample(troves, random.integer(1, 5))
  const args = { _troveArray: some.map(({ id }) => id) }
  return sendTo(
    scene,
    random.pick(accounts),
    branch.troveManager,
    'TroveManager',
    'batchLiquidateTroves',
    args,
  )
}

/** When an oracle of staked ether fails, which shuts its branch down, and when the last branch's price breaks down, so that anybody may. */
const FEED_FAILS_AFTER = 120
const PRICE_BREAKS_AFTER = 170
const SHUTS_AFTER = 174

/** Every oracle of the branch reports; staked ether now and then strays from ether. */
export const report = (scene: Scene, branch: RecordedBranch, dollars: number): readonly Transaction[] => {
  const { liquity, random, prices } = scene
  prices.set(branch.name, dollars)
  if (branch.oracles.length === 0)
    return [
      sendTo(scene, liquity.admin, branch.priceFeed, 'PriceFeedTestnet', 'setPrice', {
        price: wadOf(dollars),
      }),
    ]
  const answer = (dollars * 2_500) / branch.price
  const isDown = scene.blocks >= FEED_FAILS_AFTER && branch.oracles.length > 1
  return (isDown ? branch.oracles.slice(0, 1) : branch.oracles).map((oracle) => {
    const strayed = answer * random.pick([1, 1, 1.005, 0.97])
    const args = { _price: BigInt(Math.round(strayed * 1e8)) }
    return sendTo(scene, liquity.admin, oracle, 'ChainlinkOracleMock', 'setPrice', args)
  })
}

const movePrice = (scene: Scene, branch: RecordedBranch): readonly Transaction[] => {
  const { random } = scene
  const next = random.chance(0.25) ? branch.price : priceOf(scene, branch) * random.magnitude(0.8, 1.14)
  const isBroken = scene.blocks >= PRICE_BREAKS_AFTER && branch.oracles.length === 0
  const least = branch.price * (isBroken ? 0.25 : 0.5)
  const most = branch.price * (isBroken ? 0.4 : 1.8)
  return report(scene, branch, Math.min(most, Math.max(least, next)))
}

const one = async (
  scene: Scene,
  branch: RecordedBranch,
  troves: readonly KnownTrove[],
): Promise<readonly Transaction[]> => {
  const { random, accounts } = scene
  const dice = random.next()
  const managers = managersOf(scene, branch)
  if (troves.length < 6 || dice < 0.16) {
    const owner = random.pick(accounts)
    const isBatched = managers.length > 0 && random.chance(0.4)
    return [
      isBatched ? openInBatch(scene, branch, owner, random.pick(managers)) : openAlone(scene, branch, owner),
    ]
  }
  if (dice < 0.5) return [ofOwner(scene, branch, random.pick(troves))]
  if (dice < 0.58) return [manage(scene, branch)]
  if (dice < 0.66) return [await deposit(scene, branch)]
  if (dice < 0.74) return [await redeem(scene, branch, troves)]
  if (dice < 0.86) return movePrice(scene, branch)
  if (dice < 0.985) return [liquidate(scene, branch, troves)]
  return [toBorrower(scene, random.pick(accounts), branch, 'shutdown', {})]
}

/** What happens once, late. */
const late = (scene: Scene): readonly Transaction[] => {
  const { liquity, blocks, accounts } = scene
  const [, staked, last] = liquity.branches
  const [ether] = staked?.oracles.slice(1) ?? []
  if (!staked || !last || !ether) return []
  const failed = { _price: 0n }
  if (blocks === FEED_FAILS_AFTER)
    return [sendTo(scene, liquity.admin, ether, 'ChainlinkOracleMock', 'setPrice', failed)]
  if (blocks === PRICE_BREAKS_AFTER) return report(scene, last, last.price * 0.32)
  if (blocks === SHUTS_AFTER) return [toBorrower(scene, accounts[0] as Address, last, 'shutdown', {})]
  return []
}

/** What happens in the next block. */
export const happenings = async (scene: Scene): Promise<readonly Transaction[]> => {
  const { random, liquity } = scene
  scene.blocks += 1
  const transactions: Transaction[] = [...late(scene)]
  for (let left = random.integer(1, 5); left > 0; left--) {
    const branch = random.pick(liquity.branches)
    transactions.push(...(await one(scene, branch, await trovesOf(scene, branch))))
  }
  return transactions
}

/** Collateral for everybody, a large trove in each branch that keeps it open, batches, and a loan for everybody. */
export const opening = (scene: Scene): readonly Transaction[] => {
  const { accounts, liquity } = scene
  const tokens = new Set([liquity.weth, ...liquity.branches.map(({ collToken }) => collToken)])
  const minted = [...tokens].flatMap((token) =>
    accounts.map((_to) =>
      sendTo(scene, liquity.admin, token, 'ERC20Faucet', 'mint', { _to, _amount: wadOf(10_000_000) }),
    ),
  )
  const opened = liquity.branches.flatMap((branch): readonly Transaction[] => [
    openLarge(scene, branch),
    register(scene, branch),
    register(scene, branch),
    ...accounts.map((owner) => openAlone(scene, branch, owner)),
  ])
  return [...minted, ...opened]
}

const openLarge = (scene: Scene, branch: RecordedBranch): Transaction => {
  const [owner] = scene.accounts
  const zero = '0x0000000000000000000000000000000000000000'
  return toBorrower(scene, owner as Address, branch, 'openTrove', {
    ...{ _owner: owner, _ownerIndex: 0n, _boldAmount: wadOf(300_000), ...HINTS },
    _collAmount: wadOf((300_000 * 4) / priceOf(scene, branch)),
    _annualInterestRate: wadOf(0.06),
    ...{ _addManager: zero, _removeManager: zero, _receiver: zero },
  })
}
