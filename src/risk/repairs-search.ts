// The least amount of something that a loan needs, found by trying: the contract's own refusals tell what it does not take.
import type { Blocked } from '../model/liquidation.ts'
import type { Loan } from './loan.ts'

/** What an amount comes to: enough, too little, or a refusal. `after` is the loan behind it, undefined where it is gone. */
export type Tried =
  | { readonly kind: 'enough'; readonly after: Loan | undefined }
  | { readonly kind: 'too-little'; readonly after: Loan }
  | Blocked

/** `guess`: where to look first. `step`: what does not matter much. `max`: no more is tried. All at least 1, in units of the asset. */
export type Bounds = { readonly guess: bigint; readonly step: bigint; readonly max: bigint }

/** The least amount that is enough, or else the most that the contract takes (0: nothing) and in whose words it refuses more. */
export type Least =
  | { readonly kind: 'found'; readonly amount: bigint; readonly after: Loan | undefined }
  | {
      readonly kind: 'limited'
      readonly most: bigint
      readonly after: Loan | undefined
      readonly refusal: string
    }

type Try = (amount: bigint) => Tried

/** A refusal of the first guess may mean that it is too small: so many doublings are tried before it is believed. */
const DOUBLINGS_MAX = 8

const capped = (amount: bigint, max: bigint): bigint => (amount < max ? amount : max)

/** Halves the gap between what is not enough and what is until they are neighbours. What is refused is then too small. */
const boundary = (low: bigint, high: bigint, attempt: Try): bigint => {
  let [short, enough] = [low, high]
  while (enough - short > 1n) {
    const middle = (short + enough) / 2n
    if (attempt(middle).kind === 'enough') enough = middle
    else short = middle
  }
  return enough
}

/** From an amount that is enough downwards, in growing steps, to one that is not. */
const below = (enough: bigint, { step }: Bounds, attempt: Try): readonly [short: bigint, enough: bigint] => {
  let [high, stride] = [enough, step]
  for (;;) {
    const low = high > stride ? high - stride : 0n
    if (low === 0n || attempt(low).kind !== 'enough') return [low, high]
    high = low
    stride *= 4n
  }
}

/** The most that is taken between an amount that is and one that is not. */
const mostTaken = (taken: bigint, refused: bigint, attempt: Try): bigint => {
  let [low, high] = [taken, refused]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    const tried = attempt(middle)
    if (tried.kind === 'blocked') high = middle
    else low = middle
  }
  return low
}

const found = (short: bigint, enough: bigint, attempt: Try): Least => {
  const amount = boundary(short, enough, attempt)
  const tried = attempt(amount)
  return { kind: 'found', amount, after: tried.kind === 'enough' ? tried.after : undefined }
}

/** Between an amount that the contract takes, though it is too little, and one that it refuses. */
const upToRefusal = (taken: bigint, refused: bigint, refusal: string, attempt: Try): Least => {
  const most = mostTaken(taken, refused, attempt)
  const tried = most === 0n ? undefined : attempt(most)
  if (tried?.kind === 'enough') return found(taken, most, attempt)
  const after = tried?.kind === 'too-little' ? tried.after : undefined
  return { kind: 'limited', most: after ? most : 0n, after, refusal }
}

/** An amount that the contract takes, where it refuses the first: a larger one, else a smaller one. */
const acceptable = (refused: bigint, { max }: Bounds, attempt: Try): bigint | undefined => {
  let larger = refused
  for (let doublings = 0; doublings < DOUBLINGS_MAX && larger < max; doublings++) {
    larger = capped(larger * 2n, max)
    if (attempt(larger).kind !== 'blocked') return larger
  }
  for (let smaller = refused / 2n; smaller > 0n; smaller /= 2n)
    if (attempt(smaller).kind !== 'blocked') return smaller
  return undefined
}

/** From an amount that is too little upwards, in growing steps. */
const above = (start: bigint, bounds: Bounds, attempt: Try): Least => {
  let [low, stride] = [start, bounds.step]
  for (;;) {
    if (low >= bounds.max) {
      const tried = attempt(bounds.max)
      const after = tried.kind === 'too-little' ? tried.after : undefined
      return { kind: 'limited', most: bounds.max, after, refusal: 'no amount is enough' }
    }
    const high = capped(low + stride, bounds.max)
    const tried = attempt(high)
    if (tried.kind === 'enough') return found(low, high, attempt)
    if (tried.kind === 'blocked') return upToRefusal(low, high, tried.revert, attempt)
    low = high
    stride *= 4n
  }
}

/**
 * The least amount that is enough: one unit less is not, or is refused. Amounts that a contract takes lie between one that is
 * too small for it and one that is too large.
 */
export const leastAmount = (attempt: Try, bounds: Bounds): Least => {
  const tried = attempt(bounds.guess)
  if (tried.kind === 'enough') return found(...below(bounds.guess, bounds, attempt), attempt)
  if (tried.kind === 'too-little') return above(bounds.guess, bounds, attempt)
  const taken = acceptable(bounds.guess, bounds, attempt)
  if (taken === undefined) return { kind: 'limited', most: 0n, after: undefined, refusal: tried.revert }
  if (attempt(taken).kind === 'enough') return found(0n, taken, attempt)
  if (taken > bounds.guess) return above(taken, bounds, attempt)
  return upToRefusal(taken, bounds.guess, tried.revert, attempt)
}
