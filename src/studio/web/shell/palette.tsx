// ⌘K: pages, runs and a search for everything, by typing.
import { useState } from 'preact/hooks'
import { Dialog } from '../components/dialog.tsx'
import { Icon, type IconName } from '../components/icon.tsx'
import { StatusMark } from '../components/status.tsx'
import { chooseLanguage, language } from '../i18n/language.ts'
import { go, runPath } from '../state/router.ts'
import { runs } from '../state/run-list.ts'
import { nextTheme, theme } from '../theme/theme.ts'
import { paletteOpen } from './open.ts'
import { words } from './words.ts'

interface Item {
  id: string
  label: string
  icon: IconName | preact.JSX.Element
  run(): void
}

export function Palette() {
  return paletteOpen.value ? <OpenPalette /> : null
}

function OpenPalette() {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const items = itemsFor(text.trim())
  const close = () => {
    paletteOpen.value = false
  }
  const take = (item: Item | undefined) => {
    if (item === undefined) return
    close()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setAt((at + step + items.length) % Math.max(items.length, 1))
    else if (event.key === 'Enter') take(items[at])
    else return
    event.preventDefault()
  }
  const write = (value: string) => {
    setText(value)
    setAt(0)
  }
  return (
    <Dialog title={words().palette} class="palette" onClose={close}>
      <input
        class="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${at}`}
        aria-label={words().palette}
        placeholder={words().palettePrompt}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="palette-list" id="palette-list" role="listbox" aria-label={words().palette}>
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus.
          <div
            key={item.id}
            id={`palette-${index}`}
            class="palette-item"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => take(item)}
          >
            {typeof item.icon === 'string' ? <Icon name={item.icon} /> : item.icon}
            <span class="ellipsis">{item.label}</span>
          </div>
        ))}
      </div>
    </Dialog>
  )
}

function itemsFor(text: string): Item[] {
  const fits = (label: string) => label.toLowerCase().includes(text.toLowerCase())
  const found = [...commands(), ...runItems()].filter(({ label }) => fits(label)).slice(0, 30)
  return text === '' ? found : [...found, searchItem(text)]
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

function searchItem(text: string): Item {
  return {
    id: 'search',
    icon: 'search',
    label: words().searchFor(text),
    run: () => go(`/search?q=${encodeURIComponent(text)}`),
  }
}
