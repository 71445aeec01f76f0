// What this browser keeps: a token for as long as the tab is open, and the choice of light or dark.
import { effect, signal } from '@preact/signals'

const TOKEN = 'plimsoll-token'
const THEME = 'plimsoll-theme'

export type Theme = 'auto' | 'light' | 'dark'

/** Storage may be forbidden: then nothing is kept. */
const kept = (storage: () => Storage, key: string): string => {
  try {
    return storage().getItem(key) ?? ''
  } catch {
    return ''
  }
}

const keep = (storage: () => Storage, key: string, value: string): void => {
  try {
    if (value === '') storage().removeItem(key)
    else storage().setItem(key, value)
  } catch {
    // Nothing is kept, as said above.
  }
}

const themeOf = (text: string): Theme => (text === 'light' || text === 'dark' ? text : 'auto')

/** The token that requests are sent with; empty where there is none. */
export const token = signal(kept(() => sessionStorage, TOKEN))
export const theme = signal<Theme>(themeOf(kept(() => localStorage, THEME)))

/** Takes a token, or none, for as long as the tab is open. */
export const setToken = (value: string): void => {
  token.value = value.trim()
  keep(() => sessionStorage, TOKEN, token.value)
}

/** Light, dark or as the system has it, from now on. */
export const setTheme = (value: Theme): void => {
  theme.value = value
  keep(() => localStorage, THEME, value === 'auto' ? '' : value)
}

/** The document follows the choice. */
export const followTheme = (): void => {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value
  })
}
