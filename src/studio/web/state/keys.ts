// Keys that work anywhere on a page: single letters and `g` with one after it. Enter is never among them.
import { useEffect } from 'preact/hooks'

export type KeyHandlers = Readonly<Record<string, () => void>>

/** Later ones win: a page's over the shell's. */
const layers: KeyHandlers[] = []
let leader: string | undefined
let leaderTimer: ReturnType<typeof setTimeout> | undefined

/** Listens for these keys while the component is shown: `{ j: next, 'g r': toRuns, End: follow }`. */
export function useKeys(handlers: KeyHandlers): void {
  useEffect(() => {
    layers.push(handlers)
    return () => {
      layers.splice(layers.lastIndexOf(handlers), 1)
    }
  })
}

/** Begins to listen. Called once, by `main.tsx`. */
export function startKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.isComposing || event.defaultPrevented) return
    const isCommand = event.metaKey || event.ctrlKey
    if (event.altKey || (isCommand && event.key.toLowerCase() !== 'k')) return
    if (!isCommand && (isWriting(event.target) || document.querySelector('dialog[open]') !== null)) return
    const handler = found(isCommand ? 'mod k' : event.key)
    if (handler === undefined) return
    event.preventDefault()
    handler()
  })
}

function found(key: string): (() => void) | undefined {
  const pressed = leader === undefined ? key : `${leader} ${key}`
  clearTimeout(leaderTimer)
  leader = undefined
  const handlers = layers.findLast((layer) => layer[pressed] !== undefined)
  if (handlers === undefined && key === 'g') {
    leader = key
    leaderTimer = setTimeout(() => {
      leader = undefined
    }, 1200)
  }
  return handlers?.[pressed]
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}
