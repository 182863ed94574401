// What the tests of the hot path find on their page: the classes themselves, and a few ways to look at the DOM.
import { Follow } from '../../../src/studio/web/hot/follow.ts'
import { Formulas } from '../../../src/studio/web/hot/formulas.ts'
import { Highlighter } from '../../../src/studio/web/hot/highlight.ts'
import { Painter } from '../../../src/studio/web/hot/painter.ts'
import { StreamMarkdown } from '../../../src/studio/web/hot/stream-markdown.ts'
import { VirtualList } from '../../../src/studio/web/hot/virtual-list.ts'

const painter = new Painter()

const hot = {
  painter,
  Follow,
  Formulas,
  Highlighter,
  Painter,
  StreamMarkdown,
  VirtualList,
  /** A place of its own for one text. */
  place(): HTMLElement {
    const place = document.createElement('article')
    document.body.append(place)
    return place
  },
  /** The next frame, behind its paint. */
  frame: () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done))),
  /** Paints until all that came is there: a long text takes more than one paint. */
  paintAll(stream: StreamMarkdown): void {
    while (!stream.paint());
  },
  /** The page that chunks give, sections apart: where a section ends is a matter of speed, not of meaning. */
  rendered(chunks: readonly string[]): string {
    const place = document.createElement('article')
    const stream = new StreamMarkdown(place, { painter, holdMs: 1e9 })
    for (const chunk of chunks) {
      stream.push(chunk)
      hot.paintAll(stream)
    }
    stream.end()
    hot.paintAll(stream)
    return [...place.children].map((section) => section.innerHTML).join('')
  },
}

export type Hot = typeof hot

declare global {
  interface Window {
    hot: Hot
  }
}

window.hot = hot
