// What an MCP tool answered, as our blocks. https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
import { type Fields, isFields, textIn } from '../core/kind.ts'
import type { Block, MediaBlock } from '../core/message.ts'
import { redact } from '../core/redact.ts'
import { ToolError } from './tool-error.ts'

/**
 * Nothing for an empty answer, text when it is nothing but text (several texts on lines of their own), else blocks.
 * Structured content is given as JSON where there is no text. What is of an unknown kind comes as its JSON: it has been
 * received, the model may make sense of it.
 *
 * @throws ToolError with the same, when the server marked it as an error.
 */
export function outputOf(result: Fields, secrets: readonly string[]): string | Block[] | undefined {
  const blocks = contentOf(result).map((block) => clean(block, secrets))
  const texts = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []))
  const output = texts.length === blocks.length ? texts.join('\n') : blocks
  if (result['isError'] === true) throw new ToolError(output === '' ? 'It failed and did not say why.' : output)
  return blocks.length === 0 ? undefined : output
}

function contentOf(result: Fields): Block[] {
  const content: unknown[] = Array.isArray(result['content']) ? result['content'] : []
  const blocks = content.map(blockOf)
  const structured = result['structuredContent']
  if (structured === undefined || blocks.some(({ type }) => type === 'text')) return blocks
  return [text(JSON.stringify(structured)), ...blocks]
}

function blockOf(item: unknown): Block {
  if (!isFields(item)) return text(JSON.stringify(item))
  const { type, data, mimeType, resource } = item
  if (type === 'text' && typeof item['text'] === 'string') return text(item['text'])
  if ((type === 'image' || type === 'audio') && typeof data === 'string') return media(type, data, mimeType)
  if (type === 'resource_link') return text(linkText(item))
  if (type === 'resource' && isFields(resource)) return resourceBlock(resource)
  return text(JSON.stringify(item))
}

function text(text: string): Block {
  return { type: 'text', text }
}

/** A link is told and not followed: a `file:` address is one of the server's machine, and must not open a file of ours. */
function linkText({ uri, name, title, description, mimeType }: Fields): string {
  const called = textIn(title) ?? textIn(name)
  const kind = textIn(mimeType)
  const what = [textIn(description), kind === undefined ? undefined : `(${kind})`].filter((each) => each !== undefined)
  return [`[${called ?? 'resource'}](${String(uri)})`, ...what].join(' ')
}

function resourceBlock(resource: Fields): Block {
  const { uri, blob, mimeType } = resource
  if (typeof resource['text'] === 'string') return text(resource['text'])
  if (typeof blob !== 'string') return text(linkText(resource))
  const kind = textIn(mimeType) ?? 'application/octet-stream'
  if (kind.startsWith('text/')) return text(Buffer.from(blob, 'base64').toString('utf8'))
  const type = /^(image|audio|video)\//.exec(kind)?.[1] as 'image' | 'audio' | 'video' | undefined
  return { ...media(type ?? 'file', blob, kind), metadata: { uri: String(uri) } }
}

const usualMimeTypes = { image: 'image/png', audio: 'audio/wav', video: 'video/mp4', file: 'application/octet-stream' }

function media(type: MediaBlock['type'], base64: string, mimeType: unknown): MediaBlock {
  const kind = textIn(mimeType) ?? usualMimeTypes[type]
  return { type, url: `data:${kind};base64,${base64}`, mimeType: kind }
}

function clean(block: Block, secrets: readonly string[]): Block {
  return block.type === 'text' ? { ...block, text: redact(block.text, secrets) } : block
}
