// Settled blocks with brackets in them: a definition further down may still make links of those.
import { blockShape } from './block-shapes.ts'
import { type Links, lexBlocks } from './lex-blocks.ts'
import { patch } from './patch.ts'
import type { Words } from './safe-link.ts'

interface Bracketed {
  node: HTMLElement
  raw: string
}

export class SettledLinks {
  #blocks: Bracketed[] = []

  /** Remembers the block when a definition could change it. */
  add(node: HTMLElement, raw: string): void {
    if (raw.includes('[')) this.#blocks.push({ node, raw })
  }

  /** The text is over: blocks that read differently now are changed where they differ, the others stay untouched. */
  reconcile(links: Links, words: Words): void {
    if (Object.keys(links).length > 0) for (const block of this.#blocks) this.#reconcile(block, links, words)
    this.#blocks = []
  }

  #reconcile({ node, raw }: Bracketed, links: Links, words: Words): void {
    for (const token of lexBlocks(raw, links)) {
      const shape = blockShape(token, words)
      if (shape !== undefined) return patch(node, shape)
    }
  }
}
