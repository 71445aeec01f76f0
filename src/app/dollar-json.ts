/** Rounded US dollars for programs, to the cent. */
export const dollarJson = (dollars: number): string => dollars.toFixed(2)
