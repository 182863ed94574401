// Where the page begins: styles, session, connection, and the app into its place.
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/shell.css'
import './hot/hot.css'
import './theme/transcript.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { startFrames } from './state/frame.ts'
import { startKeys } from './state/keys.ts'
import { live } from './state/live.ts'
import { startRouter } from './state/router.ts'
import { followRuns } from './state/run-list.ts'
import { openSession } from './state/session.ts'

startFrames()
startRouter()
startKeys()
await openSession()
followRuns()
live.start()
const place = document.getElementById('app')
if (place !== null) render(<App />, place)
