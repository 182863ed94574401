// The whole page: navigation, connection, and the page of the route, with what lies over them.
import { useEffect, useRef } from 'preact/hooks'
import { Button } from './components/button.tsx'
import { Toasts } from './components/toast.tsx'
import { Announcer } from './shell/announcer.tsx'
import { ConnectionBar } from './shell/connection-bar.tsx'
import { KeyHelp } from './shell/key-help.tsx'
import { Locked } from './shell/locked.tsx'
import { helpOpen, paletteOpen } from './shell/open.ts'
import { PageView } from './shell/page-view.tsx'
import { Palette } from './shell/palette.tsx'
import { Brand, drawerOpen, Rail } from './shell/rail.tsx'
import { words } from './shell/words.ts'
import { useKeys } from './state/keys.ts'
import { lockedOut } from './state/rest.ts'
import { go, route } from './state/router.ts'

export function App() {
  useKeys(shellKeys)
  return (
    <div class="shell">
      <a class="skip button primary" href="#main">
        {words().skip}
      </a>
      <TopBar />
      <Rail />
      <ConnectionBar />
      {lockedOut.value ? <Locked /> : <Main />}
      <Palette />
      <KeyHelp />
      <Toasts />
      <Announcer />
    </div>
  )
}

const shellKeys = {
  Escape: () => {
    drawerOpen.value = false
  },
  'mod k': () => {
    paletteOpen.value = !paletteOpen.value
  },
  '?': () => {
    helpOpen.value = true
  },
  'g r': () => go('/'),
  'g t': () => go('/traces'),
  'g m': () => go('/metrics'),
  'g i': () => go('/inbox'),
}

/** Takes the focus when the page changes, so that the keyboard and a screen reader are where the eye is. */
function Main() {
  const ref = useRef<HTMLElement>(null)
  const first = useRef(true)
  const { name, id } = route.value
  useEffect(() => {
    drawerOpen.value = false
    if (!first.current) ref.current?.focus({ preventScroll: true })
    first.current = false
  }, [name, id])
  return (
    <main class="main" id="main" tabIndex={-1} ref={ref}>
      <PageView />
    </main>
  )
}

/** On a phone the navigation is behind a button. */
function TopBar() {
  return (
    <header class="top">
      <Button
        kind="quiet"
        icon="menu"
        title={words().menu}
        onClick={() => {
          drawerOpen.value = !drawerOpen.value
        }}
      />
      <Brand />
    </header>
  )
}
