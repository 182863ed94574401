// Colours for settled code: ranges over the text that stands there, so that no node is replaced and no selection lost.
import { knownLanguage, loadLanguage } from './highlight-languages.ts'
import { type Painted, scopedRanges } from './highlight-ranges.ts'

/** Longer code is coloured when somebody asks for it. */
const unaskedLength = 20_000

export interface HighlighterOptions {
  /** The words on the button of a long block. */
  label: string
}

/**
 * Colours blocks of code in idle time with the browser's own highlights (`::highlight(code-keyword)` and so on).
 * A browser without them shows the code plain. Languages are loaded when the first block of theirs is settled.
 */
export class Highlighter {
  readonly #options: HighlighterOptions
  readonly #painted = new WeakMap<HTMLElement, readonly Painted[]>()

  constructor(options: HighlighterOptions) {
    this.#options = options
  }

  /** Colours the block in idle time; a long one gets a button for it. Resolves when there is nothing more to do unasked. */
  async add(code: HTMLElement): Promise<void> {
    const language = knownLanguage(code.dataset['language'] ?? '')
    if (language === undefined || !('highlights' in CSS)) return
    if (code.textContent.length > unaskedLength) return this.#addButton(code, language)
    await idle()
    await this.#colour(code, language)
  }

  /** Forgets the colours of every block in the element: call it before the element is thrown away. */
  forget(element: HTMLElement): void {
    for (const code of element.querySelectorAll<HTMLElement>('code[data-language]')) {
      for (const { name, range } of this.#painted.get(code) ?? []) CSS.highlights.get(name)?.delete(range)
      this.#painted.delete(code)
    }
  }

  async #colour(code: HTMLElement, language: string): Promise<void> {
    const highlight = await loadLanguage(language)
    if (!code.isConnected || this.#painted.has(code)) return
    const ranges = scopedRanges(code, highlight(code.textContent))
    this.#painted.set(code, ranges)
    for (const { name, range } of ranges) highlightNamed(name).add(range)
  }

  #addButton(code: HTMLElement, language: string): void {
    const figure = code.closest('figure')
    if (figure === null || figure.querySelector('button') !== null) return
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = this.#options.label
    button.addEventListener('click', () => {
      button.remove()
      // Colours are loaded from Studio; when it is away, the code stays plain, and the button waits for another try.
      this.#colour(code, language).catch(() => figure.append(button))
    })
    figure.append(button)
  }
}

function highlightNamed(name: string): Highlight {
  const known = CSS.highlights.get(name)
  if (known !== undefined) return known
  const made = new Highlight()
  CSS.highlights.set(name, made)
  return made
}

function idle(): Promise<void> {
  return new Promise((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: 2_000 })
    else setTimeout(done, 50)
  })
}
