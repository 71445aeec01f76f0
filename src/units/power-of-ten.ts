/** Every power of ten below 2^256. */
const powers = Array.from({ length: 78 }, (_, exponent) => 10n ** BigInt(exponent))

/** 10^exponent, of a whole number from zero on: one whole unit of what has so many decimals. */
export const powerOfTen = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent)
