// What to follow on chain, and what each log touches.
import {
  type Abi,
  type Address,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  type Hex,
  hexToBigInt,
  isAddressEqual,
} from 'viem'
import { cdpManagerAbi, clipAbi, dogAbi, jugAbi, osmAbi, spotterAbi, vatAbi } from '../../../abis/maker.ts'
import type { Log, Subscription } from '../../model/evm.ts'
import { formatPositionId } from '../../model/ids.ts'
import { due } from '../changing.ts'
import { pipsOf } from './following.ts'
import { ilkNameOf } from './ilk-name.ts'
import { keys } from './keys.ts'
import { radToWadUp } from './math.ts'
import { addressOf, argumentOf, noteTopics } from './notes.ts'
import { knownPip } from './reads/pip.ts'
import {
  deploymentOf,
  type IlkMarket,
  ilkMarketOf,
  ilkMarketsOf,
  type MakerChange,
  type MakerMirror,
  positionKey,
} from './state.ts'

const eventTopics = (abi: Abi): readonly Hex[] =>
  abi.flatMap((item) => (item.type === 'event' ? (encodeEventTopics({ abi: [item] }) as Hex[]) : []))

const urnTopics = noteTopics(vatAbi, ['frob', 'fork', 'grab'])
const ilkTopics = noteTopics(vatAbi, ['init', 'fold', 'file'])
const debtTopics = noteTopics(vatAbi, ['frob', 'fork'])
const jugTopics = noteTopics(jugAbi, ['init', 'drip', 'file'])
const spotterTopics = noteTopics(spotterAbi, ['file'])
const dogTopics = eventTopics(dogAbi)
const barkTopics = encodeEventTopics({ abi: dogAbi, eventName: 'Bark' }) as Hex[]
const clipTopics = eventTopics(clipAbi)
const osmTopics = [...eventTopics(osmAbi), ...noteTopics(osmAbi, ['poke', 'stop', 'start', 'change', 'void'])]
const managerTopics = [...eventTopics(cdpManagerAbi), ...noteTopics(cdpManagerAbi, ['give'])]

const clipsOf = (ilks: readonly IlkMarket[]): readonly Address[] => [
  ...new Set(
    ilks.flatMap(({ dog, clip }) => [
      ...(dog && clip ? [dog.clip, clip.calc] : []),
      ...(clip?.engine ? [clip.engine] : []),
    ]),
  ),
]

/** Every urn that ever held anything was named by a frob or a fork. */
export const subscriptions = (mirror: MakerMirror): readonly Subscription[] => {
  const { vat, jug, spotter, dog, cdpManager } = deploymentOf(mirror)
  const ilks = ilkMarketsOf(mirror)
  const osms = pipsOf(ilks).filter((pip) => knownPip(mirror, pip)?.kind === 'osm')
  const clips = clipsOf(ilks)
  return [
    { addresses: [vat], topics: [...urnTopics, ...ilkTopics] },
    { addresses: [vat], topics: debtTopics, discovers: true },
    { addresses: [jug], topics: jugTopics },
    { addresses: [spotter], topics: spotterTopics },
    { addresses: [dog], topics: dogTopics },
    { addresses: [dog], topics: barkTopics, liquidates: true },
    ...(cdpManager ? [{ addresses: [cdpManager], topics: managerTopics }] : []),
    ...(clips.length > 0 ? [{ addresses: clips, topics: clipTopics }] : []),
    ...(osms.length > 0 ? [{ addresses: osms, topics: osmTopics }] : []),
  ]
}

/** An ilk that is known. One that is not becomes known with its first urn. */
const touchIlk = (mirror: MakerMirror, ilk: Hex): readonly MakerChange[] => {
  const name = ilkNameOf(ilk)
  return ilkMarketOf(mirror, name) ? due(keys.ilk(name)) : []
}

const [FROB, FORK, GRAB] = ['frob', 'fork', 'grab'].map((name) => noteTopics(vatAbi, [name])[0])

const reduceVat = (mirror: MakerMirror, log: Log): readonly MakerChange[] => {
  const [topic, first] = log.topics
  if (!first || ![...urnTopics, ...ilkTopics].includes(topic ?? '0x')) return []
  const ilk = touchIlk(mirror, first)
  const name = ilkNameOf(first)
  if (topic === FORK) return due(keys.urn(name, addressOf(log, 1)), keys.urn(name, addressOf(log, 2)))
  if (topic === FROB || topic === GRAB) return [...due(keys.urn(name, addressOf(log, 1))), ...ilk]
  return ilk
}

/** Notes of the Jug and the Spotter have the caller for their second topic; the ilk is the first argument. */
const reduceModule = (mirror: MakerMirror, log: Log, topics: readonly Hex[]): readonly MakerChange[] =>
  topics.includes(log.topics[0] ?? '0x') ? touchIlk(mirror, argumentOf(log, 0)) : []

type Bark = {
  readonly ilk: Hex
  readonly urn: Address
  readonly ink: bigint
  readonly due: bigint
  readonly clip: Address
}

/** What went into an auction: the clip got the collateral, and the debt without the penalty left the urn. */
const liquidated = (mirror: MakerMirror, log: Log, bark: Bark): MakerChange => {
  const { chainId, protocol, deployment, dai } = deploymentOf(mirror)
  const name = ilkNameOf(bark.ilk)
  const market = ilkMarketOf(mirror, name)
  const urn = getAddress(bark.urn)
  return {
    kind: 'liquidation',
    liquidation: {
      position: formatPositionId({ chainId, protocol, deployment, market: name, account: urn }),
      owner: mirror.positions.get(positionKey(name, urn))?.owner ?? urn,
      blockNumber: log.blockNumber,
      blockHash: log.blockHash,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      liquidator: getAddress(bark.clip),
      debtAsset: dai,
      repaid: radToWadUp(bark.due),
      collateralAsset: market?.gem.asset ?? urn,
      seized: bark.ink,
    },
  }
}

const decode = <const TAbi extends Abi>(abi: TAbi, log: Log) => {
  try {
    return decodeEventLog({ abi, topics: log.topics as [Hex, ...Hex[]], data: log.data })
  } catch {
    return undefined
  }
}

const reduceDog = (mirror: MakerMirror, log: Log): readonly MakerChange[] => {
  const event = decode(dogAbi, log)
  if (!event) return []
  const ilk = due(keys.ilk(ilkNameOf(event.args.ilk)))
  return event.eventName === 'Bark' ? [...ilk, liquidated(mirror, log, event.args)] : ilk
}

/** A clip's, its curve's or its engine's own parameters, and its auctions. */
const reduceClip = ({ id: { market: name } }: IlkMarket, log: Log): readonly MakerChange[] => {
  const event = decode(clipAbi, log)
  switch (event?.eventName) {
    case 'Kick':
      return due(keys.clip(name), keys.sale(name, event.args.id.toString()))
    case 'Take':
    case 'Redo':
    case 'Yank':
      return due(keys.sale(name, event.args.id.toString()))
    case 'File':
      return due(keys.clip(name))
    default:
      return []
  }
}

const GIVE = noteTopics(cdpManagerAbi, ['give'])[0]

const reduceManager = (log: Log): readonly MakerChange[] => {
  if (log.topics[0] === GIVE) return due(keys.vault(hexToBigInt(argumentOf(log, 0)), addressOf(log, 1)))
  const event = decode(cdpManagerAbi, log)
  return event ? due(keys.vault(event.args.cdp, getAddress(event.args.own))) : []
}

const isOf = (address: Address, other: Address | undefined): boolean =>
  other !== undefined && isAddressEqual(address, other)

/** Which keys a log touches. Logs of contracts that are not followed touch nothing. */
export const reduce = (mirror: MakerMirror, log: Log): readonly MakerChange[] => {
  const { vat, jug, spotter, dog, cdpManager } = deploymentOf(mirror)
  const { address } = log
  if (isOf(address, vat)) return reduceVat(mirror, log)
  if (isOf(address, jug)) return reduceModule(mirror, log, jugTopics)
  if (isOf(address, spotter)) return reduceModule(mirror, log, spotterTopics)
  if (isOf(address, dog)) return reduceDog(mirror, log)
  if (isOf(address, cdpManager)) return reduceManager(log)
  return ilkMarketsOf(mirror).flatMap((market) => {
    const { dog: own, clip, spotter: price } = market
    const isClip = isOf(address, own?.clip) || isOf(address, clip?.calc) || isOf(address, clip?.engine)
    if (isClip) return reduceClip(market, log)
    const isPip = isOf(address, price?.pip) && osmTopics.includes(log.topics[0] ?? '0x')
    return isPip && price ? due(keys.pip(price.pip)) : []
  })
}
