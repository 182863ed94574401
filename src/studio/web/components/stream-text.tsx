// The growing text of one part, painted once a frame: appended to, never made anew.
import { useEffect, useRef } from 'preact/hooks'
import type { RunModel, RunPart } from '../../protocol/model.ts'
import { Formulas } from '../hot/formulas.ts'
import { Highlighter } from '../hot/highlight.ts'
import { StreamMarkdown } from '../hot/stream-markdown.ts'
import { isHighSurrogate } from '../hot/surrogates.ts'
import { painter } from '../state/frame.ts'
import { markdownWords } from './markdown-words.ts'
import { visible } from './visible.ts'

/** One for the page: what draws formulas is loaded once. */
const formulas = new Formulas(painter)

export interface StreamTextProps {
  model: RunModel
  part: RunPart
}

/** Markdown, as models write it. */
export function StreamText({ model, part }: StreamTextProps) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const place = ref.current
    if (place === null) return undefined
    const highlighter = new Highlighter({ label: markdownWords().highlight })
    // Colours are loaded from Studio; when it is away, the code stays plain.
    const onCode = (code: HTMLElement) => void highlighter.add(code).catch(() => undefined)
    const markdown = new StreamMarkdown(place, { painter, words: markdownWords(), onCode, onFormula: formulas.add })
    markdown.push(part.text)
    if (part.closed) markdown.end()
    // What is there already stands in the first frame.
    markdown.paint()
    const stop = model.listen(`part ${part.id}`, ({ appended }) => {
      if (appended === undefined) markdown.replace(part.text)
      else markdown.push(appended)
      if (part.closed) markdown.end()
    })
    return () => {
      stop()
      markdown.close()
      highlighter.forget(place)
      place.replaceChildren()
    }
  }, [model, part])
  return <div class="stream" ref={ref} />
}

/** Plain text in pieces of bounded size: one node that grows gets slow when it is long. */
const pieceLength = 2048

/** Text as it is, for what tools give and take. */
export function PlainStream({ model, part }: StreamTextProps) {
  const ref = useRef<HTMLPreElement>(null)
  useEffect(() => {
    const place = ref.current
    if (place === null) return undefined
    place.replaceChildren()
    const paint = plainPainter(place, part)
    paint()
    const stop = model.listen(`part ${part.id}`, () => painter.request(paint))
    return () => {
      stop()
      painter.cancel(paint)
    }
  }, [model, part])
  return <pre class="tool-text" ref={ref} {...(!part.closed && { 'data-writing': '' })} />
}

function plainPainter(place: HTMLElement, part: RunPart): () => void {
  let shown = 0
  let { revision } = part
  return () => {
    if (part.revision !== revision || part.text.length < shown) {
      place.replaceChildren()
      shown = 0
      revision = part.revision
    }
    while (shown < part.text.length) {
      const piece = pieceAt(part.text, shown)
      if (piece === '') return
      place.append(visible(piece))
      shown += piece.length
    }
  }
}

/** The next piece, never with half a character at its end. */
function pieceAt(text: string, from: number): string {
  const piece = text.slice(from, from + pieceLength)
  return isHighSurrogate(piece.charCodeAt(piece.length - 1)) ? piece.slice(0, -1) : piece
}
