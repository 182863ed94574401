// Draws a formula: KaTeX reads it, and its tree becomes MathML here, node by node, from what is allowed.
import type Katex from 'katex'
import { allowedAttribute, isAllowed } from './allowed.ts'
import { copyFormulas } from './copy.ts'
import { lettersOf } from './letters.ts'

/** What KaTeX makes of a formula before it is a page; some of its nodes draw only themselves. */
interface Tree {
  type?: string
  text?: string
  character?: string | null
  width?: number
  attributes?: Readonly<Record<string, string>>
  children?: readonly Tree[]
}

interface Reader {
  __renderToDomTree(tex: string, options: Katex.KatexOptions): Tree
}

const mathMl = 'http://www.w3.org/1998/Math/MathML'
/** Deeper than anybody writes. */
const deepest = 60

document.addEventListener('copy', copyFormulas)

/** Replaces the source by the drawing. What KaTeX does not understand stays as it was written. */
export function drawFormula(place: HTMLElement, katex: typeof Katex): void {
  const source = place.dataset['formula']
  if (source === undefined) return
  place.dataset['drawn'] = ''
  try {
    const isDisplay = place.classList.contains('display')
    const math = firstMath(read(katex, texOf(source), isDisplay))
    if (math === undefined) return
    const drawn = nodeOf(math, 0)
    if (isDisplay) drawn.setAttribute('display', 'block')
    place.replaceChildren(drawn)
  } catch {
    place.dataset['drawn'] = 'not'
  }
}

function read(katex: typeof Katex, tex: string, displayMode: boolean): Tree {
  return (katex as unknown as Reader).__renderToDomTree(tex, {
    displayMode,
    output: 'mathml',
    throwOnError: true,
    strict: 'ignore',
    trust: false,
    maxExpand: 200,
    maxSize: 20,
  })
}

function texOf(source: string): string {
  const marks = /^\$(?!\$)/.test(source) ? 1 : 2
  return source.slice(marks, -marks)
}

function firstMath(tree: Tree): Tree | undefined {
  if (tree.type === 'math') return tree
  for (const child of tree.children ?? []) {
    const found = firstMath(child)
    if (found !== undefined) return found
  }
  return undefined
}

function nodeOf(tree: Tree, depth: number): Element {
  if (depth > deepest) throw new RangeError('A formula nests too deep.')
  const name = tree.type ?? 'mrow'
  const node = document.createElementNS(mathMl, isAllowed(name) ? name : 'mrow')
  for (const [attribute, value] of Object.entries(tree.attributes ?? {})) {
    const allowed = allowedAttribute(attribute, value)
    if (allowed !== undefined) node.setAttribute(allowed[0], allowed[1])
  }
  const variant = tree.attributes?.['mathvariant'] ?? ''
  for (const child of tree.children ?? []) {
    const made = childOf(child, variant, depth)
    if (made !== undefined) node.append(made)
  }
  if (name === 'mtable') align(node, tree.attributes?.['columnalign'] ?? '')
  return node
}

function childOf(child: Tree, variant: string, depth: number): Node | undefined {
  if (child.text !== undefined) return document.createTextNode(lettersOf(child.text, variant))
  if (child.type === 'annotation') return undefined
  if (child.type !== undefined || child.width === undefined) return nodeOf(child, depth + 1)
  const space = document.createElementNS(mathMl, 'mspace')
  const width = allowedAttribute('width', `${child.width}em`)
  if (width !== undefined) space.setAttribute(...width)
  return space
}

/** Chromium's tables know no attribute for it: each cell says it with a class. */
function align(table: Element, columns: string): void {
  const sides = columns.split(' ')
  for (const row of table.children) {
    for (const [index, cell] of [...row.children].entries()) {
      const side = sides[index] ?? sides.at(-1)
      if (side === 'left' || side === 'right') cell.setAttribute('class', `cell-${side}`)
    }
  }
}
