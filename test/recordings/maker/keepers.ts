// Keepers and governance at work: interest, prices, liquidations, auctions; parameters, and now and then a mishap.
import { type Address, encodeFunctionData, zeroAddress } from 'viem'
import { clipAbi, dogAbi, jugAbi, osmAbi, spotterAbi } from '../../../abis/maker.ts'
import type { Transaction } from '../../devnet/plan.ts'
import { governedAbi, sourceAbi } from './abis.ts'
import { ADMIN, BUYER, fileIlkNumber, fileNumber, RAD, RAY, type RecordedIlk, scaled, WAD } from './deploy.ts'
import type { Now, Scene, Urn } from './scene.ts'

const HOUR_SECONDS = 3_600

const governed = (to: Address, functionName: 'yank' | 'step' | 'upchost', args: readonly unknown[]) => ({
  ...{ from: ADMIN, to },
  data: encodeFunctionData({ abi: governedAbi, functionName, args } as never),
})

const isUnsafe = (now: Now, { ilk, ink, art }: Urn): boolean => {
  const { rate = 0n, spot = 0n } = now.ilks.find((one) => one.ilk.name === ilk.name) ?? {}
  return spot > 0n && ink * spot < art * rate
}

/** Barks at the unsafe, and at one who may be safe. */
export const barks = (scene: Scene, now: Now): readonly Transaction[] => {
  const { maker, random, accounts } = scene
  const indebted = now.urns.filter(({ art }) => art > 0n)
  const unsafe = indebted.filter((urn) => isUnsafe(now, urn))
  const anybody = indebted.length > 0 && random.chance(0.2) ? [random.pick(indebted)] : []
  return [...random.sample(unsafe, 2), ...anybody].map(({ ilk, urn }) => ({
    ...{ from: random.pick(accounts), to: maker.dog },
    data: encodeFunctionData({
      abi: dogAbi,
      functionName: 'bark',
      args: [ilk.ilk, urn, random.pick(accounts)],
    }),
  }))
}

/** A part or all of a running auction is bought, or it is started again. */
export const auctions = (scene: Scene, now: Now): readonly Transaction[] => {
  const { random, accounts } = scene
  const running = now.ilks.flatMap(({ ilk, auctions: ids }) => ids.map((id) => ({ ilk, id })))
  return random.sample(running, 2).flatMap(({ ilk, id }): readonly Transaction[] => {
    const to = ilk.clipAddress
    if (random.chance(0.3)) {
      const data = encodeFunctionData({
        abi: clipAbi,
        functionName: 'redo',
        args: [id, random.pick(accounts)],
      })
      return [{ from: random.pick(accounts), to, data }]
    }
    const amount = random.chance(0.4) ? 2n ** 200n : scaled(random.magnitude(0.001, 30), WAD)
    const args = [id, amount, 2n ** 255n, BUYER, '0x'] as const
    return [{ from: BUYER, to, data: encodeFunctionData({ abi: clipAbi, functionName: 'take', args }) }]
  })
}

const drip = ({ maker }: Scene, { ilk }: RecordedIlk): Transaction => ({
  ...{ from: ADMIN, to: maker.jug },
  data: encodeFunctionData({ abi: jugAbi, functionName: 'drip', args: [ilk] }),
})

const poke = ({ maker }: Scene, { ilk }: RecordedIlk): Transaction => ({
  ...{ from: ADMIN, to: maker.spotter },
  data: encodeFunctionData({ abi: spotterAbi, functionName: 'poke', args: [ilk] }),
})

const osmCall = (to: Address, functionName: 'poke' | 'stop' | 'start' | 'void'): Transaction => ({
  ...{ from: ADMIN, to, data: encodeFunctionData({ abi: osmAbi, functionName }) },
})

/** Interest and prices of a few ilks are brought up to date. */
export const upkeep = (scene: Scene): readonly Transaction[] => {
  const { maker, random } = scene
  const osms = [...new Set(maker.ilks.filter(({ source }) => source === 'osm').map(({ pip }) => pip))]
  return [
    ...(random.chance(0.5) ? osms.map((pip) => osmCall(pip, 'poke')) : []),
    ...random.sample(maker.ilks, 2).map((ilk) => drip(scene, ilk)),
    ...random.sample(maker.ilks, 3).map((ilk) => poke(scene, ilk)),
  ]
}

/** What tellers say next, around what they said first; rarely that they have no price. */
export const report = (scene: Scene): readonly Transaction[] => {
  const { maker, random } = scene
  return random.sample(maker.ilks, 2).map(({ teller, price, source }) => {
    const calm = source === 'value' ? 0.97 : 0.6
    const value = scaled(price * random.magnitude(calm, 1 / calm), WAD)
    const data = encodeFunctionData({
      abi: sourceAbi,
      functionName: 'set',
      args: [value, !random.chance(0.04)],
    })
    return { from: ADMIN, to: teller, data }
  })
}

const clipChange = ({ random }: Scene, { clipAddress: to }: RecordedIlk): readonly Transaction[] =>
  random.pick([
    () => [fileNumber(to, 'buf', RAY + scaled(random.next() / 2, RAY))],
    () => [fileNumber(to, 'tail', BigInt(random.integer(900, 4 * HOUR_SECONDS)))],
    () => [fileNumber(to, 'cusp', scaled(random.magnitude(0.2, 0.8), RAY))],
    () => [fileNumber(to, 'chip', scaled(random.next() / 100, WAD))],
    () => [fileNumber(to, 'tip', BigInt(random.integer(0, 300)) * RAD)],
    () => [fileNumber(to, 'stopped', BigInt(random.pick([0, 0, 0, 1, 2, 3])))],
    () => [governed(to, 'upchost', [])],
  ])()

const curveChange = ({ random }: Scene, { calc, curve }: RecordedIlk): readonly Transaction[] => {
  if (curve === 'linear') return [fileNumber(calc, 'tau', BigInt(random.integer(1_800, 20_000)))]
  if (curve === 'exponential')
    return [fileNumber(calc, 'cut', RAY - RAY / BigInt(random.integer(2_000, 20_000)))]
  return [fileNumber(calc, 'step', BigInt(random.integer(30, 300)))]
}

const ilkChange = (scene: Scene, recorded: RecordedIlk): readonly Transaction[] => {
  const { maker, random } = scene
  const { ilk, mat, dust, hole } = recorded
  return random.pick([
    () => [
      drip(scene, recorded),
      fileIlkNumber(maker.jug, ilk, 'duty', RAY + BigInt(random.integer(0, 9)) * 10n ** 18n),
    ],
    () => [fileIlkNumber(maker.spotter, ilk, 'mat', scaled((mat * random.magnitude(0.98, 1.05)) / 100, RAY))],
    () => [fileIlkNumber(maker.vat, ilk, 'dust', scaled(dust * random.magnitude(0.8, 1.3), RAD))],
    () => [fileIlkNumber(maker.vat, ilk, 'line', BigInt(random.integer(1_000_000, 4_000_000)) * RAD)],
    () => [fileIlkNumber(maker.dog, ilk, 'hole', scaled(hole * random.magnitude(0.3, 2), RAD))],
    () => [fileIlkNumber(maker.dog, ilk, 'chop', WAD + scaled(random.next() / 5, WAD))],
  ])()
}

const osmChange = ({ maker, random }: Scene): readonly Transaction[] => {
  const delayed = maker.ilks.filter(({ source, shares }) => source === 'osm' && !shares)
  const { pip } = random.pick(delayed)
  return random.pick([
    () => [governed(pip, 'step', [random.pick([900, 1_800, 3_600])])],
    () => [osmCall(pip, 'stop')],
    () => [osmCall(pip, 'start')],
    () => [osmCall(pip, 'start')],
    () => (random.chance(0.2) ? [osmCall(pip, 'void')] : []),
  ])()
}

/** What a spell changes. */
export const governance = (scene: Scene, now: Now): readonly Transaction[] => {
  const { maker, random } = scene
  const auctioned = maker.ilks.filter(({ clipAddress }) => clipAddress !== zeroAddress)
  const running = now.ilks.flatMap(({ ilk, auctions: ids }) => ids.map((id) => ({ ilk, id })))
  return random.pick([
    () => clipChange(scene, random.pick(auctioned)),
    () => clipChange(scene, random.pick(auctioned)),
    () => curveChange(scene, random.pick(auctioned)),
    () => ilkChange(scene, random.pick(maker.ilks)),
    () => ilkChange(scene, random.pick(maker.ilks)),
    () => osmChange(scene),
    () => [fileNumber(maker.spotter, 'par', RAY + scaled(random.next() / 50, RAY))],
    () => [fileNumber(maker.jug, 'base', BigInt(random.integer(0, 9)) * 10n ** 16n)],
    () => [fileNumber(maker.dog, 'Hole', BigInt(random.integer(40_000, 200_000)) * RAD)],
    () => [fileNumber(maker.engine, 'fee', scaled(random.next() / 4, WAD))],
    () => random.sample(running, 1).map(({ ilk, id }) => governed(ilk.clipAddress, 'yank', [id])),
  ])()
}
