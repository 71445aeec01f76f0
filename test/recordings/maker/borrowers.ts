// Borrowers at work: urns opened, changed, closed, moved and given away, each by whoever may act on it.
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { cdpManagerAbi, vatAbi as vat } from '../../../abis/maker.ts'
import type { Transaction } from '../../devnet/plan.ts'
import { engineAbi, managerAbi, proxyAbi, scriptAbi, vatAbi } from './abis.ts'
import { ADMIN, encoded, RAY, scaled, WAD } from './deploy.ts'
import type { IlkNow, Now, Scene, Urn } from './scene.ts'

const ilkOf = ({ ilks }: Now, { ilk }: Urn): IlkNow => {
  const now = ilks.find((one) => one.ilk.name === ilk.name)
  if (!now) throw new Error(`there is no ilk ${ilk.name}`)
  return now
}

/** Collateral for whoever is going to put it up. */
const slip = ({ maker }: Scene, { ilk }: Urn, usr: Address, wad: bigint): Transaction => ({
  ...{ from: ADMIN, to: maker.vat, data: encoded(vatAbi, 'slip', [ilk.ilk, usr, wad]) },
})

/** One call by a proxy's owner through the proxy. */
const byProxy = ({ maker }: Scene, { account, proxy }: Urn, to: Address, data: Hex): Transaction => ({
  ...{ from: account, to: proxy },
  data: encodeFunctionData({
    abi: proxyAbi,
    functionName: 'execute',
    args: [maker.script, encoded(scriptAbi, 'run', [[to], [data]])],
  }),
})

/** A call of the manager by whoever owns the vault. */
const byOwner = (scene: Scene, urn: Urn, data: Hex): Transaction => {
  const to = scene.maker.cdpManager
  return urn.via === 'proxy' ? byProxy(scene, urn, to, data) : { from: urn.account, to, data }
}

const engineCall = ({ maker }: Scene, { account }: Urn, name: string, args: readonly unknown[]) => ({
  ...{ from: account, to: maker.engine, data: encoded(engineAbi, name, args) },
})

const inEngine = (
  scene: Scene,
  urn: Urn,
  dink: bigint,
  dart: bigint,
  rate: bigint,
): readonly Transaction[] => {
  const { account, number } = urn
  const dai = ((dart < 0n ? -dart : dart) * rate) / RAY
  return [
    ...(dink > 0n ? [engineCall(scene, urn, 'lock', [account, number, dink, 0])] : []),
    ...(dart > 0n ? [engineCall(scene, urn, 'draw', [account, number, account, dai])] : []),
    ...(dart < 0n ? [engineCall(scene, urn, 'wipe', [account, number, dai])] : []),
    ...(dink < 0n ? [engineCall(scene, urn, 'free', [account, number, account, -dink])] : []),
  ]
}

/** Changes an urn by these amounts, in the way in which it is held. */
const change = (scene: Scene, now: Now, urn: Urn, dink: bigint, dart: bigint): readonly Transaction[] => {
  const { account, ilk, via, number } = urn
  if (via === 'engine') return inEngine(scene, urn, dink, dart, ilkOf(now, urn).rate)
  const holder = via === 'self' ? account : urn.urn
  const funds = dink > 0n ? [slip(scene, urn, holder, dink)] : []
  if (via !== 'self')
    return [...funds, byOwner(scene, urn, encoded(managerAbi, 'frob', [number, dink, dart]))]
  const args = [ilk.ilk, account, account, account, dink, dart] as const
  const data = encodeFunctionData({ abi: vat, functionName: 'frob', args })
  return [...funds, { from: account, to: scene.maker.vat, data }]
}

/** Debt of a few thousand, and collateral for it a little or a lot above what the ilk demands. */
const borrow = (scene: Scene, now: Now, urn: Urn): readonly Transaction[] => {
  const { random } = scene
  const { rate, spot, ilk } = ilkOf(now, urn)
  if (spot === 0n) return []
  const dai = scaled(random.magnitude(Math.max(ilk.dust, 50) * 0.98, Math.max(ilk.dust, 50) * 6), WAD)
  const dart = (dai * RAY) / rate
  const enough = (dart * rate) / spot
  const dink = scaled(random.magnitude(0.995, 1.6), enough)
  return change(scene, now, urn, dink, dart)
}

const share = (scene: Scene, amount: bigint): bigint =>
  scene.random.chance(0.3) ? amount : scaled(scene.random.next(), amount)

/** What the owner of an urn with debt may do next. */
const adjust = (scene: Scene, now: Now, urn: Urn): readonly Transaction[] => {
  const { random } = scene
  const roll = random.next()
  if (roll < 0.2) return change(scene, now, urn, share(scene, urn.ink), 0n)
  if (roll < 0.45) return change(scene, now, urn, 0n, -share(scene, urn.art))
  if (roll < 0.65) return change(scene, now, urn, -scaled(random.magnitude(0.001, 0.4), urn.ink), 0n)
  if (roll < 0.8) return change(scene, now, urn, 0n, scaled(random.magnitude(0.001, 0.4), urn.art))
  if (roll < 0.9) return change(scene, now, urn, -urn.ink, -urn.art)
  return borrow(scene, now, urn)
}

/** Opens a vault, or an urn in the engine, that stays empty until its owner comes back; or a proxy. */
const open = (scene: Scene, now: Now): readonly Transaction[] => {
  const { maker, random, accounts } = scene
  const account = random.pick(accounts)
  const count = now.urns.filter((one) => one.account === account && one.via === 'engine').length
  const { ilk } = random.pick(maker.ilks.filter(({ clip }) => clip !== 'lockstake'))
  const proxy = now.proxies.get(account)
  const roll = random.next()
  if (roll < 0.3)
    return [{ from: account, to: maker.engine, data: encoded(engineAbi, 'open', [BigInt(count)]) }]
  if (roll < 0.5)
    return [{ from: account, to: maker.proxyRegistry, data: encoded(proxyAbi, 'build', [account]) }]
  const owner = proxy && random.chance(0.6) ? proxy : account
  return [{ from: account, to: maker.cdpManager, data: encoded(managerAbi, 'open', [ilk, owner]) }]
}

/** A vault changes hands, moves into another one, or an urn into that of its owner's. */
const transfer = (scene: Scene, now: Now): readonly Transaction[] => {
  const { maker, random, accounts } = scene
  const vaults = now.urns.filter(({ via }) => via === 'manager' || via === 'proxy')
  if (vaults.length === 0) return []
  const from = random.pick(vaults)
  if (random.chance(0.6)) {
    const account = random.pick(accounts)
    const proxy = now.proxies.get(account)
    const args = [from.number, proxy && random.chance(0.5) ? proxy : account] as const
    return [byOwner(scene, from, encodeFunctionData({ abi: cdpManagerAbi, functionName: 'give', args }))]
  }
  const others = vaults.filter(
    ({ account, ilk, urn }) => account === from.account && ilk === from.ilk && urn !== from.urn,
  )
  if (others.length > 0)
    return [byOwner(scene, from, encoded(managerAbi, 'shift', [from.number, random.pick(others).number]))]
  const own = now.urns.find(({ via, art, ilk }) => via === 'self' && art > 0n && ilk === from.ilk)
  if (!own) return []
  const [one, other] = [own.account, random.pick(accounts)]
  const args = [own.ilk.ilk, one, other, share(scene, own.ink), share(scene, own.art)] as const
  return [
    { from: other, to: maker.vat, data: encoded(vatAbi, 'hope', [one]) },
    { from: one, to: maker.vat, data: encodeFunctionData({ abi: vat, functionName: 'fork', args }) },
  ]
}

/** What one borrower does in a block. */
export const borrowing = (scene: Scene, now: Now): readonly Transaction[] => {
  const { random } = scene
  const roll = random.next()
  if (roll < 0.12) return open(scene, now)
  if (roll < 0.24) return transfer(scene, now)
  const indebted = now.urns.filter(({ art }) => art > 0n)
  if (roll < 0.6 && indebted.length > 0) return adjust(scene, now, random.pick(indebted))
  const empty = now.urns.filter(({ art, via }) => art === 0n && (via !== 'self' || random.chance(0.3)))
  return empty.length > 0 ? borrow(scene, now, random.pick(empty)) : []
}
