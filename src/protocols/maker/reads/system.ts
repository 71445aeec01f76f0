// What all ilks share, and which ilks there are.
import type { Address } from 'viem'
import { cdpManagerAbi, dogAbi, ilkRegistryAbi, jugAbi, spotterAbi, vatAbi } from '../../../../abis/maker.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import {
  deploymentOf,
  type MakerChange,
  type MakerDeployment,
  type MakerMirror,
  type MakerRead,
  SYSTEM,
  type System,
  type SystemMarket,
  systemMarketOf,
} from '../state.ts'
import { callOf } from './calls.ts'

const LIST_GAS_MAX = 500_000

/** What the Vat counts in: rads of DAI. */
export const QUOTE = { symbol: 'DAI', decimals: 45 } as const

const emptySystem = ({ chainId, protocol, deployment, dai }: MakerDeployment): SystemMarket => ({
  id: { chainId, protocol, deployment, market: SYSTEM },
  label: 'Vat',
  quote: { ...QUOTE, asset: dai },
  revision: 'dss',
  revisionRaw: '',
  fidelity: 'exact',
  isShared: true,
})

const update = (mirror: MakerMirror, next: (current: SystemMarket) => SystemMarket): MakerChange => ({
  kind: 'market',
  key: SYSTEM,
  next: (current) => next(current?.isShared ? current : emptySystem(deploymentOf(mirror))),
})

const systemIn = (results: readonly CallResult[], cdpManager: Address | undefined): System | Fault => {
  const Line = answerOf(vatAbi, 'Line', results[0])
  const debt = answerOf(vatAbi, 'debt', results[1])
  const vatLive = answerOf(vatAbi, 'live', results[2])
  const Hole = answerOf(dogAbi, 'Hole', results[3])
  const Dirt = answerOf(dogAbi, 'Dirt', results[4])
  const dogLive = answerOf(dogAbi, 'live', results[5])
  const par = answerOf(spotterAbi, 'par', results[6])
  const base = answerOf(jugAbi, 'base', results[7])
  const cdpi = answerOf(cdpManagerAbi, 'cdpi', results[8])
  const fault = faultAmong(Line, debt, vatLive, Hole, Dirt, dogLive, par, base)
  if (fault || !Line.ok || !debt.ok || !vatLive.ok || !Hole.ok || !Dirt.ok || !dogLive.ok)
    return fault as Fault
  if (!par.ok || !base.ok || (cdpManager && !cdpi.ok)) return faultAmong(par, base, cdpi) as Fault
  return {
    Line: Line.value,
    debt: debt.value,
    isVatLive: vatLive.value === 1n,
    Hole: Hole.value,
    Dirt: Dirt.value,
    isDogLive: dogLive.value === 1n,
    par: par.value,
    base: base.value,
    cdpi: cdpi.ok ? cdpi.value : 0n,
  }
}

const isSame = (a: System | undefined, b: System): boolean =>
  a !== undefined && (Object.keys(b) as (keyof System)[]).every((name) => a[name] === b[name])

/** The Vat's, Dog's, Spotter's and Jug's own numbers; debt and par move without a log that is followed. */
export const readSystem = (mirror: MakerMirror): MakerRead => {
  const { vat, dog, spotter, jug, cdpManager } = deploymentOf(mirror)
  return {
    key: keys.system,
    calls: [
      callOf(vat, vatAbi, 'Line', []),
      callOf(vat, vatAbi, 'debt', []),
      callOf(vat, vatAbi, 'live', []),
      callOf(dog, dogAbi, 'Hole', []),
      callOf(dog, dogAbi, 'Dirt', []),
      callOf(dog, dogAbi, 'live', []),
      callOf(spotter, spotterAbi, 'par', []),
      callOf(jug, jugAbi, 'base', []),
      ...(cdpManager ? [callOf(cdpManager, cdpManagerAbi, 'cdpi', [])] : []),
    ],
    decode: (results, _block, current) => {
      const system = systemIn(results, cdpManager)
      if ('reason' in system)
        return [update(current, (market) => ({ ...market, fault: system })), retry(keys.system)]
      const known = systemMarketOf(current)
      if (known && !known.fault && isSame(known.system, system)) return []
      return [update(current, ({ fault: _, ...market }) => ({ ...market, system }))]
    },
  }
}

/** IlkRegistry.list. */
export const readRegistry = (mirror: MakerMirror): MakerRead => {
  const { ilkRegistry } = deploymentOf(mirror)
  return {
    key: keys.registry,
    calls: ilkRegistry ? [callOf(ilkRegistry, ilkRegistryAbi, 'list', [], LIST_GAS_MAX)] : [],
    decode: (results, _block, current) => {
      if (!ilkRegistry) return []
      const list = answerOf(ilkRegistryAbi, 'list', results[0])
      if (!list.ok) return [retry(keys.registry)]
      const known = systemMarketOf(current)?.ilks?.join()
      return known === list.value.join()
        ? []
        : [update(current, (market) => ({ ...market, ilks: list.value }))]
    },
  }
}
