// A spoke, its hubs and one of its positions together, as an action finds them: what could not be read refuses.
import type { Address } from 'viem'
import type { Fault } from '../../model/market.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import { accrued } from './hub-asset.ts'
import { keys } from './keys.ts'
import {
  type AaveV4Market,
  type AaveV4Position,
  type DynamicConfig,
  faultOfPart,
  type HubAsset,
  type HubMarket,
  isOpen,
  priceKeyOf,
  type Reserve,
  type SpokeData,
  type SpokeMarket,
  type UserReserve,
  userReserveOf,
} from './state.ts'

/** What an action works on and leaves behind. `hubs` are those it changed, by address. */
export type Pool = {
  readonly spoke: SpokeMarket
  readonly position: AaveV4Position
  readonly hubs: ReadonlyMap<Address, HubMarket>
  readonly env: Env
}

/** A pool without the position: what all accounts of a spoke rest on. */
export type Surroundings = Omit<Pool, 'position'>

/** Refuses because something is not known; `revert` is what the contract itself would say, where that is known. */
export class UnknownStateError extends RefusedError {
  readonly fault: Fault
  constructor(fault: Fault, revert = `${fault.reason}: ${fault.detail}`) {
    super(revert)
    this.fault = fault
  }
}

/** A spoke as it was read; refuses where it could not be. */
export const surroundingsOf = (market: AaveV4Market, env: Env): Surroundings => {
  if (market.fault) throw new UnknownStateError(market.fault)
  if (market.kind !== 'spoke')
    throw new UnknownStateError({ reason: 'not-yet-read', detail: 'a hub has no positions' })
  return { spoke: market, hubs: new Map(), env }
}

/** The pool as it was read; refuses where the market or the position could not be. */
export const poolOf = (market: AaveV4Market, position: AaveV4Position, env: Env): Pool => {
  const surroundings = surroundingsOf(market, env)
  if (position.fault) throw new UnknownStateError(position.fault)
  return { ...surroundings, position }
}

/** The state behind an action, without what stays as it was. */
export const afterOf = ({ spoke, position, hubs }: Pool) => ({
  market: spoke,
  position: isOpen(position) ? position : undefined,
  markets: hubs,
})

/** SpokeUtils.get: a reserve of the spoke. */
export const reserveOf = ({ spoke }: Surroundings, id: number): Reserve => {
  requireThat(id < spoke.reserveCount, 'ReserveNotListed')
  const part = keys.reserve(spoke.id.market, id)
  const reserve = spoke.reserves[id]
  if (!reserve || spoke.faults[part]) throw new UnknownStateError(faultOfPart(spoke, part))
  return reserve
}

const hubOf = ({ hubs, env }: Surroundings, address: Address): HubMarket => {
  const market = hubs.get(address) ?? env.markets(address)
  const detail = `hub ${address} is still to be read`
  if (market === undefined) throw new UnknownStateError({ reason: 'not-yet-read', detail })
  if (market.fault) throw new UnknownStateError(market.fault)
  return market as HubMarket
}

/** A reserve's asset at its hub, accrued to the block. */
export const assetOf = (pool: Surroundings, { hub: address, assetId }: Reserve): HubAsset => {
  const hub = hubOf(pool, address)
  const part = keys.asset(address, assetId)
  const asset = hub.assets[assetId]
  if (!asset || hub.faults[part]) throw new UnknownStateError(faultOfPart(hub, part))
  return accrued(asset, pool.env.timestamp)
}

/** The spoke's own account of a reserve at its hub. */
export const spokeDataOf = ({ spoke }: Pool, { id }: Reserve): SpokeData => {
  const part = keys.spokeData(spoke.id.market, id)
  const data = spoke.spokeData[id]
  if (!data || spoke.faults[part]) throw new UnknownStateError(faultOfPart(spoke, part))
  return data
}

/** One dynamic configuration of a reserve. */
export const dynamicConfigOf = ({ spoke }: Surroundings, { id }: Reserve, key: number): DynamicConfig => {
  const part = keys.config(spoke.id.market, id, key)
  const config = spoke.dynamicConfigs[id]?.[key]
  if (!config || spoke.faults[part]) throw new UnknownStateError(faultOfPart(spoke, part))
  return config
}

/** AaveOracle.getReservePrice, eight decimals; a price that is none is refused in the oracle's words. */
export const priceOf = ({ spoke, env }: Surroundings, { id }: Reserve): bigint => {
  const key = priceKeyOf(spoke, id)
  const reading = env.prices(key)
  if (!reading) throw new UnknownStateError({ reason: 'not-yet-read', detail: `${key} is still to be read` })
  const error = reading.kind === 'failed' ? reading.error : reading.price > 0n ? undefined : 'InvalidPrice'
  if (reading.kind === 'failed' || error !== undefined)
    throw new UnknownStateError({ reason: 'price-failed', detail: `${key}: ${error}` }, error)
  return reading.price
}

/** The pool with another state of the position's reserve. */
export const withUserReserve = (pool: Pool, { id }: Reserve, next: Partial<UserReserve>): Pool => {
  const { position } = pool
  const reserves = { ...position.reserves, [id]: { ...userReserveOf(position, id), ...next } }
  return { ...pool, position: { ...position, reserves } }
}

/** The pool with another state of a reserve's asset, and of the spoke's own account of it. */
export const withHub = (pool: Pool, reserve: Reserve, asset: HubAsset, data: SpokeData): Pool => {
  const hub = hubOf(pool, reserve.hub)
  const assets = { ...hub.assets, [reserve.assetId]: asset }
  const { spoke } = pool
  return {
    ...pool,
    spoke: { ...spoke, spokeData: { ...spoke.spokeData, [reserve.id]: data } },
    hubs: new Map([...pool.hubs, [reserve.hub, { ...hub, assets }]]),
  }
}
