// Where the words that were searched for stand in an excerpt.

export interface Piece {
  text: string
  isFound: boolean
}

/** The excerpt in pieces, alternately plain and found; case does not count. All pieces together are the excerpt. */
export function markFound(excerpt: string, query: string): Piece[] {
  const words = query.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return [{ text: excerpt, isFound: false }]
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|')})`, 'giu')
  const pieces = excerpt.split(pattern).map((text, index) => ({ text, isFound: index % 2 === 1 }))
  return pieces.filter(({ text }) => text !== '')
}
