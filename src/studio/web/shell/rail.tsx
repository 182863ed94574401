// The navigation at the side: pages, connection, palette, language and theme; a drawer on a phone.
import { signal } from '@preact/signals'
import { Button } from '../components/button.tsx'
import { Icon, type IconName } from '../components/icon.tsx'
import { chooseLanguage, language } from '../i18n/language.ts'
import { connection } from '../state/live.ts'
import { type RouteName, route } from '../state/router.ts'
import { waitingCount } from '../state/run-list.ts'
import { nextTheme, theme } from '../theme/theme.ts'
import { helpOpen, paletteOpen } from './open.ts'
import { words } from './words.ts'

export const drawerOpen = signal(false)

type Place = Extract<RouteName, 'runs' | 'inbox' | 'traces' | 'metrics' | 'search' | 'settings'>

const places: readonly { name: Place; path: string }[] = [
  { name: 'runs', path: '/' },
  { name: 'inbox', path: '/inbox' },
  { name: 'traces', path: '/traces' },
  { name: 'metrics', path: '/metrics' },
  { name: 'search', path: '/search' },
]

const themeIcons: Record<typeof theme.value, IconName> = { system: 'contrast', light: 'sun', dark: 'moon' }

export function Rail() {
  return (
    <>
      {drawerOpen.value && (
        <button
          type="button"
          class="rail-scrim"
          aria-label={words().menu}
          onClick={() => {
            drawerOpen.value = false
          }}
        />
      )}
      <nav class={drawerOpen.value ? 'rail open' : 'rail'} aria-label={words().navigation}>
        <Brand />
        {places.map(({ name, path }) => (
          <NavLink key={name} name={name} path={path} />
        ))}
        <div class="rail-foot">
          <NavLink name="settings" path="/settings" />
          <ConnectionMark />
          <Switches />
        </div>
      </nav>
    </>
  )
}

export function Brand() {
  return (
    <a class="brand" href="/" aria-label="AgentScope Studio">
      <img src="/favicon.svg" alt="" />
      <span class="wide">Studio</span>
    </a>
  )
}

function NavLink({ name, path }: { name: Place; path: string }) {
  const isHere = route.value.name === name || (name === 'runs' && route.value.name === 'run')
  const waiting = name === 'inbox' ? waitingCount.value : 0
  return (
    <a class="nav-link" href={path} title={words()[name]} {...(isHere && { 'aria-current': 'page' as const })}>
      <Icon name={name} />
      <span class="wide">{words()[name]}</span>
      <span class="sr-only">{words()[name]}</span>
      {waiting > 0 && (
        <span class="badge" title={words().waiting(waiting)}>
          {waiting}
        </span>
      )}
    </a>
  )
}

function ConnectionMark() {
  const word = { live: words().live, connecting: words().connecting, lost: words().lost }[connection.value]
  return (
    <div class={`connection ${connection.value}`} title={word}>
      <span class="connection-dot" />
      <span class="wide">{word}</span>
    </div>
  )
}

function Switches() {
  const { value: chosen } = theme
  const other = language.value === 'en' ? 'zh' : 'en'
  return (
    <div class="rail-switches">
      <Button kind="quiet" small icon="terminal" title={`${words().palette} (⌘K)`} onClick={() => open(paletteOpen)} />
      <Button kind="quiet" small icon={themeIcons[chosen]} title={words().theme[chosen]} onClick={nextTheme} />
      <Button kind="quiet" small icon="language" title={words().language} onClick={() => chooseLanguage(other)} />
      <Button kind="quiet" small icon="question" title={`${words().keysHelp} (?)`} onClick={() => open(helpOpen)} />
    </div>
  )
}

function open(dialog: typeof paletteOpen): void {
  drawerOpen.value = false
  dialog.value = true
}
