// Block tokens of Markdown as shapes: paragraphs, lists, quotes, tables, code.
import type { MarkedToken, Token, Tokens } from 'marked'
import { codeShape, languageOf } from './code-shape.ts'
import { formulaShape } from './formula-shape.ts'
import { isFormula } from './formula-tokens.ts'
import { deepest, inlineShapes } from './inline-shapes.ts'
import type { Words } from './safe-link.ts'
import { type Child, joined, type Shape, shape, type Tag } from './shape.ts'

/** The shape of one block; undefined for what shows nothing (space, definitions of links). */
export function blockShape(token: Token, words: Words, depth = 0): Shape | undefined {
  if (isFormula(token)) return shape('p', formulaShape(token), { dir: 'auto' })
  const block = token as MarkedToken
  if (depth > deepest) return plain(token.raw)
  switch (block.type) {
    case 'space':
    case 'def':
      return undefined
    case 'heading':
      return shape(`h${block.depth}` as Tag, inlineShapes(block.tokens, words), { dir: 'auto' })
    case 'paragraph':
      return shape('p', inlineShapes(block.tokens, words), { dir: 'auto' })
    case 'text':
      return shape('p', inlineShapes([block], words), { dir: 'auto' })
    case 'hr':
      return shape('hr')
    case 'blockquote':
      return shape('blockquote', blockShapes(block.tokens, words, depth + 1), { dir: 'auto' })
    case 'code':
      // The lexer marks a last empty line with one line end more than the code has.
      return codeShape(block.text.replace(/\n$/, ''), languageOf(block.lang), words)
    case 'list':
      return listShape(block, words, depth)
    case 'table':
      return tableShape(block, words)
    default:
      return plain(token.raw)
  }
}

function blockShapes(tokens: readonly Token[], words: Words, depth: number): Shape[] {
  return tokens.map((token) => blockShape(token, words, depth)).filter((each) => each !== undefined)
}

/** Raw HTML, and what nests too deep: the text as it was written, line ends kept. */
export function plain(raw: string): Shape {
  return shape('p', [raw.replace(/\s+$/, '')], { dir: 'auto', class: 'as-written' })
}

function listShape(list: Tokens.List, words: Words, depth: number): Shape {
  const items = list.items.map((item) => itemShape(item, words, depth))
  if (!list.ordered) return shape('ul', items, { dir: 'auto' })
  const start = typeof list.start === 'number' && list.start !== 1 ? { start: String(list.start) } : {}
  return shape('ol', items, { dir: 'auto', ...start })
}

/** A tight item holds its words directly, a loose one holds paragraphs. */
function itemShape(item: Tokens.ListItem, words: Words, depth: number): Shape {
  const inside = item.tokens.flatMap((token): Child[] => {
    if (token.type === 'checkbox') return inlineShapes([token], words)
    if (token.type === 'text' && !item.loose) return inlineShapes([token], words)
    const block = blockShape(token, words, depth + 1)
    return block === undefined ? [] : [block]
  })
  return shape('li', joined(inside), item.task ? { class: 'task-item' } : undefined)
}

function tableShape(table: Tokens.Table, words: Words): Shape {
  const head = shape('thead', [
    shape(
      'tr',
      table.header.map((cell) => cellShape(cell, words)),
    ),
  ])
  const rows = table.rows.map((row) => rowShape(row, words))
  return tableFrame(head, rows)
}

/** Rows stand in bodies of fifty: the browser skips those nobody sees. A long table is laid out body by body. */
export const rowsPerBody = 50
export const longTable = 100

function tableFrame(head: Shape, rows: readonly Shape[]): Shape {
  const bodies: Shape[] = []
  for (let from = 0; from < rows.length; from += rowsPerBody) {
    bodies.push(shape('tbody', rows.slice(from, from + rowsPerBody)))
  }
  const name = rows.length > longTable ? 'table long' : 'table'
  return shape('figure', [shape('table', [head, ...bodies])], {
    class: name,
    tabindex: '0',
    role: 'group',
    dir: 'auto',
  })
}

export function rowShape(row: readonly Tokens.TableCell[], words: Words): Shape {
  return shape(
    'tr',
    row.map((cell) => cellShape(cell, words)),
  )
}

function cellShape(cell: Tokens.TableCell, words: Words): Shape {
  const align = cell.align === null ? undefined : { class: `align-${cell.align}` }
  return shape(cell.header ? 'th' : 'td', inlineShapes(cell.tokens, words), align)
}
