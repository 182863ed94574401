// The one painter of the page: text, scrolling and components share its frames.
import { options } from 'preact'
import { Painter } from '../hot/painter.ts'

export const painter = new Painter()

/**
 * How a deed of a person's begins: whoever hears of it must see what was done before it, even within the same frame. Not
 * what comes behind a change (`input`, `click` on a box): to render then would take the change back.
 */
const deeds = ['keydown', 'beforeinput', 'pointerdown'] as const

let waiting: (() => void) | undefined

/** Makes all rendering of components part of the same frame, or of the next deed. Called once, by `main.tsx`. */
export function startFrames(): void {
  options.debounceRendering = (render) => {
    waiting = render
    painter.request(renderWaiting)
  }
  for (const deed of deeds) window.addEventListener(deed, renderWaiting, { capture: true })
}

function renderWaiting(): void {
  painter.cancel(renderWaiting)
  const render = waiting
  waiting = undefined
  render?.()
}
