// From scoped runs of code to ranges over its text nodes, under the few names that the style sheet has colours for.
import type { Scoped } from './highlight-languages.ts'

export interface Painted {
  name: string
  range: StaticRange
}

const names: Readonly<Record<string, string>> = {
  addition: 'code-string',
  attr: 'code-title',
  attribute: 'code-title',
  built_in: 'code-title',
  comment: 'code-comment',
  deletion: 'code-keyword',
  doctag: 'code-comment',
  keyword: 'code-keyword',
  literal: 'code-number',
  meta: 'code-meta',
  name: 'code-keyword',
  number: 'code-number',
  quote: 'code-comment',
  regexp: 'code-string',
  section: 'code-title',
  string: 'code-string',
  symbol: 'code-number',
  tag: 'code-meta',
  title: 'code-title',
  type: 'code-title',
  variable: 'code-number',
}

/** One range for each piece of a run: a run may go over several text nodes. */
export function scopedRanges(code: HTMLElement, runs: readonly Scoped[]): Painted[] {
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
  const painted: Painted[] = []
  let node = walker.nextNode() as Text | null
  let offset = 0
  for (const { text, scope } of runs) {
    const name = names[scope?.split('.')[0] ?? '']
    let left = text.length
    while (left > 0 && node !== null) {
      const length = Math.min(left, node.length - offset)
      if (name !== undefined && length > 0) painted.push({ name, range: rangeIn(node, offset, offset + length) })
      left -= length
      offset += length
      if (offset < node.length) continue
      node = walker.nextNode() as Text | null
      offset = 0
    }
  }
  return painted
}

function rangeIn(node: Text, startOffset: number, endOffset: number): StaticRange {
  return new StaticRange({ startContainer: node, startOffset, endContainer: node, endOffset })
}
