// Short words for what a terminal cannot show: media, long inputs, the output of a tool.
import type { Notice } from '../core/event.ts'
import { dataTypeOf } from '../core/media.ts'
import { type Block, blocksOf, type MediaBlock } from '../core/message.ts'
import { cleanLine } from './sanitize.ts'

const longest = 400

/** At most 400 characters, and how many more there were. */
export function shortened(text: string): string {
  if (text.length <= longest) return text
  return `${text.slice(0, longest).toWellFormed()}… (${text.length - longest} more characters)`
}

/** The news in one line; of several tools that run at once, which one it is about. */
export function noticeText({ text, details }: Notice): string {
  const tool = details?.['tool']
  return cleanLine(typeof tool === 'string' ? `${tool}: ${text}` : text)
}

/** An address as it is; data inside a URI only by its type, never the data itself. */
export function describeMedia(block: MediaBlock): string {
  const { type, url } = block
  const kind = dataTypeOf(block)
  if (kind === undefined) return cleanLine(url)
  return cleanLine(`[${type}${kind === '' ? '' : ` ${kind}`}, ${url.length} characters of data]`)
}

/** Text as it is, everything else by a word, set off by a space. */
export function plainTextOf(output: string | Block[]): string {
  let text = ''
  for (const block of blocksOf({ content: output })) {
    if (block.type === 'text') text += block.text
    else text += (/\S$/.test(text) ? ' ' : '') + described(block)
  }
  return text
}

/** What is no text, each by a word. */
export function mediaOf(output: readonly Block[]): string {
  return output.flatMap((block) => (block.type === 'text' ? [] : described(block))).join(' ')
}

function described(block: Block): string {
  return 'url' in block ? describeMedia(block) : `[${block.type}]`
}
