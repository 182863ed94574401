// One line of Markdown as plain words: what a list shows has no room for marks.

/** Marks that are half there, because the line is still written or was cut, go as well. */
export function plainLine(line: string): string {
  return line
    .replace(/^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?)?/, '')
    .replace(/^\|\s*|\s*\|$/g, '')
    .replace(/\s+\|\s+/g, ' · ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|~~|`+/g, '')
    .replace(/(^|[^\w*])\*(?=\S)([^*]+?)\*(?!\w)/g, '$1$2')
    .trim()
}
