import type { PackedPositions } from '../store/packed-positions.ts'

/** Finds slots by the numbers of their entries: without a look-up where these come in the order of the slots. */
export const createSlotFinder = ({
  entryIdAt,
  slotLimit,
}: PackedPositions): ((entryId: number) => number | undefined) => {
  let next = 0
  let slots: Map<number, number> | undefined
  const find = (entryId: number): number | undefined => {
    slots ??= new Map(Array.from({ length: slotLimit }, (_, slot) => [entryIdAt(slot), slot]))
    return slots.get(entryId)
  }
  return (entryId) => {
    while (next < slotLimit && entryIdAt(next) < entryId) next++
    return entryIdAt(next) === entryId ? next : find(entryId)
  }
}
