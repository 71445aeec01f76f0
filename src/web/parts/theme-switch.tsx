import { setTheme, type Theme, theme } from '../data/session.ts'
import { HalfIcon, MoonIcon, SunIcon } from './icons.tsx'

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' }
const NAMES: Readonly<Record<Theme, string>> = { auto: 'as the system has it', light: 'light', dark: 'dark' }

/** Light, dark, or as the system has it. */
export const ThemeSwitch = () => (
  <button
    class="icon-button"
    type="button"
    title={`Colours: ${NAMES[theme.value]}`}
    aria-label={`Colours: ${NAMES[theme.value]}. Change to ${NAMES[NEXT[theme.value]]}`}
    onClick={() => setTheme(NEXT[theme.value])}
  >
    {theme.value === 'light' ? <SunIcon /> : theme.value === 'dark' ? <MoonIcon /> : <HalfIcon />}
  </button>
)
