// Local pictures, sounds and files, read and put into the messages as data URIs before a wire formats them.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { InputError } from '../core/error.ts'
import { isLocal, mimeTypeOfName, shortUrl } from '../core/media.ts'
import type { Block, MediaBlock, Msg } from '../core/message.ts'
import { isMediaType } from '../core/turns.ts'

/**
 * The messages with every local path and `file:` URL, also inside tool results, replaced by a data URI. Messages
 * without such a block are returned as the same objects, and nothing is read for them.
 *
 * @throws InputError for a file of the last user message that cannot be read, or whose type cannot be told, naming the
 * path and place. Anywhere else such a block stays as it is: the wires tell the model in words that it is missing.
 */
export function inlineLocalMedia(messages: readonly Msg[]): Msg[] {
  const newest = messages.findLastIndex((message) => message?.role === 'user')
  return messages.map((message, at) => {
    if (typeof message?.content === 'string' || !Array.isArray(message?.content)) return message
    const content = inlinedBlocks(
      message.content,
      `messages[${at}].content`,
      at === newest ? inlinedBlock : keptWhereUnreadable,
    )
    return content === message.content ? message : { ...message, content }
  })
}

/** The same list when there is nothing local in it. */
function inlinedBlocks(blocks: Block[], place: string, inlinedOne = inlinedBlock): Block[] {
  let changed = false
  const inlined = blocks.map((block, at) => {
    const next = inlinedOne(block, `${place}[${at}]`)
    if (next !== block) changed = true
    return next
  })
  return changed ? inlined : blocks
}

function inlinedBlock(block: Block, place: string): Block {
  if (block?.type === 'tool_result') {
    if (typeof block.output === 'string' || !Array.isArray(block.output)) return block
    const output = inlinedBlocks(block.output, `${place}.output`, keptWhereUnreadable)
    return output === block.output ? block : { ...block, output }
  }
  // Blocks have not been checked yet: one may be anything.
  if (!isMediaType(block?.type)) return block
  const media = block as MediaBlock
  return typeof media.url === 'string' && media.url !== '' && isLocal(media.url) ? inlinedMedia(media, place) : block
}

function keptWhereUnreadable(block: Block, place: string): Block {
  try {
    return inlinedBlock(block, place)
  } catch (error) {
    if (error instanceof InputError) return block
    throw error
  }
}

function inlinedMedia(block: MediaBlock, place: string): MediaBlock {
  const path = pathOf(block, place)
  const mimeType = block.mimeType ?? mimeTypeOfName(path) ?? mimeTypeOfStart(path, block, place)
  if (mimeType === undefined) {
    throw new InputError(`${place}: what kind of ${block.type} ${path} is cannot be told from its name or start.`, {
      advice: 'Give the file an extension such as .png, or set mimeType on the block.',
    })
  }
  const bytes = reading(path, block, place, () => readFileSync(path))
  const metadata = block.type === 'file' ? { filename: nameOf(path), ...block.metadata } : block.metadata
  const url = `data:${mimeType};base64,${bytes.toString('base64')}`
  return { ...block, url, mimeType, ...(metadata !== undefined && { metadata }) }
}

function pathOf(block: MediaBlock, place: string): string {
  if (!/^file:/i.test(block.url)) return block.url
  return reading(block.url, block, place, () => fileURLToPath(block.url))
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

const starts: readonly [string, string][] = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '47494638'],
  ['image/webp', '52494646........57454250'],
  ['image/bmp', '424d'],
]

/** Pictures and PDF documents are known by how they begin; only that much is read. */
function mimeTypeOfStart(path: string, block: MediaBlock, place: string): string | undefined {
  const start = reading(path, block, place, () => readStart(path)).toString('hex')
  if (block.type === 'file') return start.startsWith('255044462d') ? 'application/pdf' : undefined
  if (block.type !== 'image') return undefined
  return starts.find(([, pattern]) => new RegExp(`^${pattern}`).test(start))?.[0]
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(16)
    return start.subarray(0, readSync(file, start, 0, 16, 0))
  } finally {
    closeSync(file)
  }
}

/** Longer ones exist on no system that matters. */
const longestPath = 4096

function reading<T>(path: string, block: MediaBlock, place: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message
    // What is too long for a path is mostly the bytes themselves, in base64.
    const isPath = path.length <= longestPath
    throw new InputError(`${place}: the ${block.type} ${isPath ? path : shortUrl(path)} cannot be read (${reason}).`, {
      code: reason,
      ...(isPath && { cause }),
      advice: `Check the path (now in ${process.cwd()}) and its permissions, or give an http(s) URL or a data: URI.`,
    })
  }
}
