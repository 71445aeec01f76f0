// In which language numbers and times are written.

/** Where there is no browser, there is none. */
const { navigator } = globalThis as { readonly navigator?: { readonly language: string } }

/** Whether `Intl` knows it: `en-US@posix`, as a browser without a language of its own says, it refuses. */
const isProper = (locale: string): boolean => {
  try {
    return Intl.getCanonicalLocales(locale).length > 0
  } catch {
    return false
  }
}

/** `en-US@posix` → `en-US`; undefined where nothing proper is left. */
export const properLocale = (locale: string): string | undefined => {
  const plain = locale.replace(/[@.].*$/, '').replaceAll('_', '-')
  return plain !== '' && isProper(plain) ? plain : undefined
}

/** That of the reader's browser; undefined, which is the platform's own, where it names none. */
export const LOCALE = properLocale(navigator?.language ?? '')

/** Libraries take the language of the browser as it stands: one that is not proper is told to them properly. To be called before they load. */
export const mendLanguage = (): void => {
  if (navigator && !isProper(navigator.language))
    Object.defineProperty(navigator, 'language', { value: LOCALE ?? 'en-US', configurable: true })
}
