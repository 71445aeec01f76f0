// The frame around views: where one is, how fresh it is, who one is.

import { useEffect } from 'preact/hooks'
import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { link } from './data/live.ts'
import { token } from './data/session.ts'
import { Drawn, view } from './parts/broken.tsx'
import { Fresh, StaleNote } from './parts/freshness.tsx'
import { BellIcon, ChartIcon, KeyIcon, ListIcon, MarketIcon, MarkIcon, SearchIcon } from './parts/icons.tsx'
import { Empty } from './parts/notes.tsx'
import { ThemeSwitch } from './parts/theme-switch.tsx'
import { isAsking, TokenDialog } from './parts/token.tsx'

const Overview = view(async () => (await import('./views/overview.tsx')).Overview)
const Accounts = view(async () => (await import('./views/accounts.tsx')).Accounts)
const Borrower = view(async () => (await import('./views/borrower.tsx')).Borrower)
const Candidates = view(async () => (await import('./views/candidates.tsx')).Candidates)
const Markets = view(async () => (await import('./views/markets.tsx')).Markets)
const Market = view(async () => (await import('./views/market.tsx')).Market)
const Alerts = view(async () => (await import('./views/alerts.tsx')).Alerts)
const Analyst = view(async () => (await import('./views/analyst.tsx')).Analyst)

const PLACES = [
  { path: '/', name: 'Overview', Icon: MarkIcon },
  { path: '/accounts', name: 'Borrowers', Icon: SearchIcon },
  { path: '/candidates', name: 'Candidates', Icon: ListIcon },
  { path: '/markets', name: 'Markets', Icon: MarketIcon },
  { path: '/alerts', name: 'Alerts', Icon: BellIcon },
  { path: '/analyst', name: 'Analyst', Icon: ChartIcon },
] as const

const isWithin = (path: string, place: string): boolean =>
  place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`)

const Nav = () => {
  const { path } = useLocation()
  const here = PLACES.find((one) => isWithin(path, one.path))
  useEffect(() => {
    document.title = here ? `${here.name} · Plimsoll` : 'Plimsoll'
  }, [here])
  return (
    <nav class="nav" aria-label="Views">
      {PLACES.map(({ path: to, name, Icon }) => (
        <a key={to} href={to} aria-current={here?.path === to ? 'page' : undefined}>
          <Icon />
          {name}
        </a>
      ))}
    </nav>
  )
}

const Top = () => (
  <header class="top">
    <div class="top-inner">
      <a class="brand" href="/" aria-label="Plimsoll, overview">
        <MarkIcon />
        Plimsoll
      </a>
      <Nav />
      <div class="tools">
        <Fresh />
        <ThemeSwitch />
        <button
          class="icon-button"
          type="button"
          title={token.value === '' ? 'Enter a token' : 'A token is used'}
          aria-label={token.value === '' ? 'Enter a token' : 'Change the token'}
          onClick={() => {
            isAsking.value = true
          }}
        >
          <KeyIcon />
        </button>
      </div>
    </div>
  </header>
)

const Nowhere = () => (
  <Empty title="There is nothing here">
    <a href="/">Back to the overview</a>
  </Empty>
)

/** Nothing is shown to whoever has no token, where one is asked for. */
const Locked = () => (
  <section class="card locked">
    <MarkIcon />
    <h1>A token is needed</h1>
    <p class="soft">
      {token.value === ''
        ? 'This Plimsoll shows its loans to whoever has a token of the section server in its plimsoll.yaml.'
        : 'The token is not one of this Plimsoll. It is one of the section server in its plimsoll.yaml.'}
    </p>
    <button
      class="button"
      data-kind="main"
      type="button"
      onClick={() => {
        isAsking.value = true
      }}
    >
      Enter a token
    </button>
  </section>
)

const Views = () => (
  <Drawn>
    <ErrorBoundary>
      <Router>
        <Route path="/" component={Overview} />
        <Route path="/accounts" component={Accounts} />
        <Route path="/accounts/:address" component={Borrower} />
        <Route path="/candidates" component={Candidates} />
        <Route path="/markets" component={Markets} />
        <Route path="/markets/:id" component={Market} />
        <Route path="/alerts" component={Alerts} />
        <Route path="/analyst" component={Analyst} />
        <Route path="/analyst/:part" component={Analyst} />
        <Route default component={Nowhere} />
      </Router>
    </ErrorBoundary>
  </Drawn>
)

export const App = () => (
  <LocationProvider>
    <a class="skip" href="#content">
      Skip to the content
    </a>
    <Top />
    <main class="main stack" id="content" tabIndex={-1}>
      <StaleNote />
      {link.value === 'denied' ? <Locked /> : <Views />}
    </main>
    <footer class="foot">
      <span>
        Health is what the contracts themselves compute, at the block above. It reads only, and holds no keys.
      </span>
      <a href="/docs" target="_self">
        API
      </a>
    </footer>
    <TokenDialog />
  </LocationProvider>
)
