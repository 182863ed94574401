// A value as a tree that makes its branches when they are opened, so that a large one costs what is looked at.
import { useState } from 'preact/hooks'
import { visible } from './visible.ts'
import { words } from './words.ts'

const firstRows = 100

/** `open` says how many levels begin unfolded. */
export function JsonTree({ value, open = 1 }: { value: unknown; open?: number }) {
  return (
    <div class="json">
      <Node value={value} open={open} />
    </div>
  )
}

function Node({ name, value, open }: { name?: string; value: unknown; open: number }) {
  if (typeof value !== 'object' || value === null) return <Leaf {...(name !== undefined && { name })} value={value} />
  return <Branch {...(name !== undefined && { name })} value={value} open={open} />
}

function Leaf({ name, value }: { name?: string; value: unknown }) {
  const kind = value === null ? 'null' : typeof value
  return (
    <div class="json-row">
      {name !== undefined && <Key name={name} />}
      <span class={`json-${kind}`}>{kind === 'string' ? visible(JSON.stringify(value)) : String(value)}</span>
    </div>
  )
}

function Branch({ name, value, open }: { name?: string; value: object; open: number }) {
  const [isOpen, setOpen] = useState(open > 0)
  const [all, setAll] = useState(false)
  const entries = isOpen ? Object.entries(value) : []
  const size = Array.isArray(value) ? value.length : Object.keys(value).length
  const shown = all ? entries : entries.slice(0, firstRows)
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="json-row">
        {name !== undefined && <Key name={name} />}
        <span class="faint">{Array.isArray(value) ? `[ ${words().items(size)} ]` : `{ ${words().keys(size)} }`}</span>
      </summary>
      <div class="json-children">
        {shown.map(([key, each]) => (
          <Node key={key} name={key} value={each} open={open - 1} />
        ))}
        {shown.length < entries.length && (
          <button type="button" class="button small quiet" onClick={() => setAll(true)}>
            {words().showAll(size)}
          </button>
        )}
      </div>
    </details>
  )
}

function Key({ name }: { name: string }) {
  return <span class="json-key">{visible(name)}: </span>
}
