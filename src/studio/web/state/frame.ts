// The one painter of the page: text, scrolling and components share its frames.
import { options } from 'preact'
import { Painter } from '../hot/painter.ts'

export const painter = new Painter()

/** What a person does: whoever hears it must see what was done before it, even within the same frame. */
const deeds = ['keydown', 'input', 'change', 'submit', 'pointerdown', 'click'] as const

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
