// Signs, drawn on one grid; the words beside them say what they mean.
import type { ComponentChildren } from 'preact'

const Icon = ({ children }: { readonly children: ComponentChildren }) => (
  <svg
    viewBox="0 0 24 24"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    {children}
  </svg>
)

/** The load line: a circle that the waterline crosses. */
export const MarkIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="6.2" />
    <path d="M2.5 12h19" />
  </Icon>
)
export const WavesIcon = () => (
  <Icon>
    <path d="M3 9c2-2 4-2 6 0s4 2 6 0 4-2 6 0M3 15c2-2 4-2 6 0s4 2 6 0 4-2 6 0" />
  </Icon>
)
export const SearchIcon = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </Icon>
)
export const ListIcon = () => (
  <Icon>
    <path d="M4 6h16M4 12h11M4 18h6" />
  </Icon>
)
export const MarketIcon = () => (
  <Icon>
    <path d="M4 20V10M10 20V4M16 20v-7M21 20H3" />
  </Icon>
)
export const BellIcon = () => (
  <Icon>
    <path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4" />
  </Icon>
)
export const KeyIcon = () => (
  <Icon>
    <circle cx="8" cy="15" r="4" />
    <path d="m11 12 8-8M16 7l3 3" />
  </Icon>
)
export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />
  </Icon>
)
export const MoonIcon = () => (
  <Icon>
    <path d="M19.5 14A8 8 0 0 1 10 4.5a8 8 0 1 0 9.5 9.5z" />
  </Icon>
)
export const HalfIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 4v16" />
    <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
  </Icon>
)
export const CopyIcon = () => (
  <Icon>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
)
/** From one to the other: drawn, since not every font has it. */
export const ArrowIcon = () => (
  <span class="arrow">
    <span class="visually-hidden"> to </span>
    <Icon>
      <path d="M4 12h15M14 7l5 5-5 5" />
    </Icon>
  </span>
)
export const ChartIcon = () => (
  <Icon>
    <path d="M3 5v15h18M7 15l4-5 3 3 6-8" />
  </Icon>
)
