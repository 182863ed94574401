// What the palette knows by itself: pages, commands, and the runs of the list.
import type { IconName } from '../components/icon.tsx'
import { StatusMark } from '../components/status.tsx'
import { chooseLanguage, language } from '../i18n/language.ts'
import { go, runPath } from '../state/router.ts'
import { runs } from '../state/run-list.ts'
import { nextTheme, theme } from '../theme/theme.ts'
import { words } from './words.ts'

export interface Item {
  id: string
  label: string
  /** Whose it is: the speaker and the run of a message. */
  from?: string
  icon: IconName | preact.JSX.Element
  run(): void
}

/** Commands and runs whose names have these words. */
export function ownItems(text: string): Item[] {
  const fits = (label: string) => label.toLowerCase().includes(text.toLowerCase())
  return [...commands(), ...runItems()].filter(({ label }) => fits(label)).slice(0, 30)
}

function commands(): Item[] {
  const { goTo } = words()
  const page = (icon: 'runs' | 'inbox' | 'traces' | 'metrics' | 'settings', path: string): Item => ({
    id: icon,
    icon,
    label: goTo(words()[icon]),
    run: () => go(path),
  })
  return [
    page('runs', '/'),
    page('inbox', '/inbox'),
    page('traces', '/traces'),
    page('metrics', '/metrics'),
    page('settings', '/settings'),
    { id: 'theme', icon: 'contrast', label: words().theme[theme.value], run: nextTheme },
    {
      id: 'language',
      icon: 'language',
      label: words().language,
      run: () => chooseLanguage(language.value === 'en' ? 'zh' : 'en'),
    },
  ]
}

function runItems(): Item[] {
  return runs.value.map((run) => ({
    id: `run ${run.id}`,
    icon: <StatusMark status={run.status} />,
    label: `${run.project} / ${run.name}`,
    run: () => go(runPath(run.id)),
  }))
}

/** The page that shows all of it. */
export function searchItem(text: string): Item {
  return {
    id: 'search',
    icon: 'search',
    label: words().searchFor(text),
    run: () => go(`/search?q=${encodeURIComponent(text)}`),
  }
}
