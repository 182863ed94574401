// Short words for what a terminal cannot show: media, long inputs, the output of a tool.
import { type Block, blocksOf, type MediaBlock } from '../core/message.ts'
import { cleanLine } from './sanitize.ts'

const longest = 400

/** At most 400 characters, and how many more there were. */
export function shortened(text: string): string {
  if (text.length <= longest) return text
  return `${text.slice(0, longest).toWellFormed()}… (${text.length - longest} more characters)`
}

/** An address as it is; data inside a URI only by its type, never the data itself. */
export function describeMedia({ type, url, mimeType }: MediaBlock): string {
  if (!url.startsWith('data:')) return cleanLine(url)
  const kind = mimeType ?? url.slice('data:'.length).split(/[;,]/, 1)[0]
  return cleanLine(`[${type}${kind ? ` ${kind}` : ''}, ${url.length} characters of data]`)
}

export function plainTextOf(output: string | Block[]): string {
  const words = blocksOf({ content: output }).map((block) => {
    if (block.type === 'text') return block.text
    return 'url' in block ? describeMedia(block) : `[${block.type}]`
  })
  return words.join('')
}
