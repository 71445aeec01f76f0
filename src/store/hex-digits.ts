/** The value of a hex digit by its character code; −1 for what is none. */
export const hexValues: Int8Array = new Int8Array(128).fill(-1)

/** Character codes of the sixteen digits, then of the same with capitals. */
export const hexCharacters: Uint8Array = Uint8Array.from(Buffer.from('0123456789abcdef0123456789ABCDEF'))

for (const [index, code] of hexCharacters.entries()) hexValues[code] = index % 16
