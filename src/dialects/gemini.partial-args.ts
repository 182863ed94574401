// Arguments that Vertex sends piece by piece, each with the path of the value that it belongs to.
// https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1beta1/Content#partialarg
import { type Fields, isFields } from './values.ts'

/** Where a piece goes: `$.items[0]['a name']`. */
const step = /\.([^.[\]]+)|\[(\d{1,4})\]|\[(?:'([^']*)'|"([^"]*)")\]/g

type Node = Record<string | number, unknown>

/** Puts a piece where its path says; a string goes on with what is there. A piece without a path that can be read is left out. */
export function applyPartialArg(args: Fields, piece: unknown): void {
  if (!isFields(piece) || typeof piece['jsonPath'] !== 'string') return
  const path: (string | number)[] = []
  for (const [, name, place, quoted, doubly] of piece['jsonPath'].matchAll(step)) {
    path.push(place === undefined ? (name ?? quoted ?? doubly ?? '') : Number(place))
  }
  const last = path.pop()
  if (last === undefined) return
  const node = nodeAt(args as Node, [...path, last])
  const before = node[last]
  const value = pieceValue(piece)
  node[last] = typeof before === 'string' && typeof value === 'string' ? before + value : value
}

/** An empty object for arguments: it inherits nothing that a hostile name could reach. */
export function noArgs(): Fields {
  return Object.create(null) as Fields
}

/** The object or list that holds the last step of the path, made on the way when it is not there. */
function nodeAt(args: Node, path: readonly (string | number)[]): Node {
  let node = args
  for (let at = 0; at < path.length - 1; at += 1) {
    const key = path[at] as string | number
    if (typeof node[key] !== 'object' || node[key] === null)
      node[key] = typeof path[at + 1] === 'number' ? [] : noArgs()
    node = node[key] as Node
  }
  return node
}

function pieceValue(piece: Fields): unknown {
  for (const field of ['stringValue', 'numberValue', 'boolValue']) if (piece[field] !== undefined) return piece[field]
  return 'nullValue' in piece ? null : ''
}
