// Shapes become DOM nodes here, and a shape that grew changes only what differs: never by a string of HTML.
import type { Attribute, Child, Shape } from './shape.ts'
import { isHighSurrogate } from './surrogates.ts'

/** A text of a block is laid out again when it grows; in pieces, only the last piece is. */
const pieceLength = 2_000

export function createNode(shape: Shape): HTMLElement {
  const node = document.createElement(shape.tag)
  for (const [name, value] of Object.entries(shape.attributes ?? {})) node.setAttribute(name, value)
  for (const child of flat(shape.children)) node.append(createChild(child))
  return node
}

function createChild(child: Child): Node {
  return typeof child === 'string' ? document.createTextNode(child) : createNode(child)
}

/** Whether the node can become the shape without being replaced. */
export function fits(node: Node | null, child: Child): boolean {
  if (node === null) return false
  if (typeof child === 'string') return node.nodeType === Node.TEXT_NODE
  return node instanceof HTMLElement && node.localName === child.tag && node.className === classOf(child)
}

function classOf(shape: Shape): string {
  return shape.attributes?.class ?? ''
}

/** Makes the node what the shape says; nodes that are right already, and the selection in them, stay untouched. */
export function patch(node: HTMLElement, shape: Shape): void {
  // A drawn formula stays while it says the same.
  if ('drawn' in node.dataset && node.dataset['formula'] === shape.attributes?.['data-formula']) return
  patchAttributes(node, shape)
  const children = flat(shape.children)
  let at: ChildNode | null = node.firstChild
  for (const child of children) {
    if (at === null) node.append(createChild(child))
    else at = patchChild(at, child).nextSibling
  }
  while (at !== null && node.childNodes.length > children.length) {
    const next: ChildNode | null = at.nextSibling
    at.remove()
    at = next
  }
}

function patchChild(at: ChildNode, child: Child): ChildNode {
  if (!fits(at, child)) {
    const made = createChild(child) as ChildNode
    at.replaceWith(made)
    return made
  }
  if (typeof child === 'string') patchText(at as Text, child)
  else patch(at as HTMLElement, child)
  return at
}

/** Only what differs is replaced: a selection in the part before it survives. */
function patchText(node: Text, text: string): void {
  const old = node.data
  if (old === text) return
  let same = 0
  const shorter = Math.min(old.length, text.length)
  while (same < shorter && old.charCodeAt(same) === text.charCodeAt(same)) same += 1
  if (same === old.length) node.appendData(text.slice(same))
  else node.replaceData(same, old.length - same, text.slice(same))
}

function patchAttributes(node: HTMLElement, shape: Shape): void {
  const wanted = shape.attributes ?? {}
  for (const { name } of [...node.attributes]) {
    // No shape has a style: what a long table measured of its columns is its own.
    if (name !== 'style' && wanted[name as Attribute] === undefined) node.removeAttribute(name)
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value)
  }
}

function flat(children: readonly Child[]): readonly Child[] {
  return children.some((child) => typeof child === 'string' && child.length > pieceLength)
    ? children.flatMap((child): Child[] => (typeof child === 'string' ? pieces(child) : [child]))
    : children
}

/** Cut at even places, so that growing text changes only its last piece; a pair of surrogates stays whole. */
function pieces(text: string): string[] {
  const out: string[] = []
  let from = 0
  while (from < text.length) {
    let to = Math.min(from + pieceLength, text.length)
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to += 1
    out.push(text.slice(from, to))
    from = to
  }
  return out
}
