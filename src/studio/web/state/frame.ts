// The one painter of the page: text, scrolling and components share its frames.
import { options } from 'preact'
import { Painter } from '../hot/painter.ts'

export const painter = new Painter()

/** Makes all rendering of components part of the same frame. Called once, by `main.tsx`. */
export function startFrames(): void {
  options.debounceRendering = (render) => painter.request(render)
}
