/** A text of at most so many characters, its end replaced by an ellipsis; a character is never split. */
export const cut = (text: string, charactersMax: number): string => {
  const characters = [...text]
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join('')}…`
}
