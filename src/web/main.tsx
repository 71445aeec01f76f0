// The page starts here.
import { render } from 'preact'
import { App } from './app.tsx'
import { follow } from './data/live.ts'
import { followTheme } from './data/session.ts'
import { mendLanguage } from './format/locale.ts'
import './styles/all.css'

mendLanguage()
followTheme()
follow()
const place = document.getElementById('page')
if (place) render(<App />, place)
