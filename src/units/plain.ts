/** Text from the chain or from configuration made safe for a terminal: control characters cannot move the cursor or fake a line. */
export const plain = (text: string): string =>
  [...text].map((character) => (/\p{Cc}|\p{Cf}/u.test(character) ? '·' : character)).join('')
