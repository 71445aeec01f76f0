/** `npm run test:long` asks for the full counts; `npm test` for small ones of the same seeds. */
export const isLong = process.env['PLIMSOLL_LONG'] !== undefined

export const sized = (short: number, long: number): number => (isLong ? long : short)
