// ⌘K: pages, commands, runs, messages and spans, by typing.
import { useState } from 'preact/hooks'
import { Dialog } from '../components/dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { visible } from '../components/visible.ts'
import { paletteOpen } from './open.ts'
import { useFound } from './palette-found.ts'
import { type Item, ownItems, searchItem } from './palette-items.tsx'
import { words } from './words.ts'

export function Palette() {
  return paletteOpen.value ? <OpenPalette /> : null
}

function OpenPalette() {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = text.trim()
  const found = useFound(wanted)
  const items = [...ownItems(wanted), ...found, ...(wanted === '' ? [] : [searchItem(wanted)])]
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
            <span class="ellipsis">{visible(item.label)}</span>
            {item.from !== undefined && <span class="faint ellipsis">{visible(item.from)}</span>}
          </div>
        ))}
      </div>
    </Dialog>
  )
}
