// How much a message weighs: what of it a model reads, and an estimate for whoever has no tokenizer.
import { type Block, blocksOf, type Msg } from '../core/message.ts'
import { isMedia } from '../core/turns.ts'

/** Counts tokens. A memory asks it once for each message. */
export interface TokenCounter {
  /** Tokens of one message in a request: a number above 0. */
  count(message: Msg): number
  /** Tokens that every request has besides its messages. Default 0. */
  readonly perRequest?: number
  /** Whether the counts are estimates, to be scaled down when a provider counted less. Default false. */
  readonly isEstimate?: boolean
  /** Called and waited for before the first count: loads what counting needs. */
  prepare?(): Promise<void>
}

export interface CountOptions {
  /** What an image, a sound, a film or a file counts, whatever its size. Default 1000. */
  mediaTokens?: number
}

/** The default of `mediaTokens`: about a large image on most providers. */
export const defaultMediaTokens = 1000

/** One message as a wire has it: who says it, its texts, and how many media go along. */
export interface SentPart {
  name: string
  texts: string[]
  media: number
}

/** What of a message is sent. Each tool result is a message of its own on most wires; the rest is one. */
export function sentParts(message: Msg): SentPart[] {
  const parts: SentPart[] = []
  const spoken: SentPart = { name: message.name, texts: [], media: 0 }
  for (const block of blocksOf(message)) {
    if (block.type !== 'tool_result') {
      addBlock(spoken, block)
      continue
    }
    const result: SentPart = { name: block.name ?? '', texts: [], media: 0 }
    for (const each of blocksOf({ content: block.output })) addBlock(result, each)
    parts.push(result)
  }
  if (parts.length === 0 || spoken.texts.length > 0 || spoken.media > 0) parts.push(spoken)
  return parts
}

function addBlock(part: SentPart, block: Block): void {
  if (isMedia(block)) part.media += 1
  else if (block.type === 'text') part.texts.push(block.text)
  else if (block.type === 'thinking') part.texts.push(block.redacted ?? block.thinking)
  else if (block.type === 'tool_use') part.texts.push(block.name, block.rawInput || jsonOf(block.input))
  else if (block.type === 'raw') part.texts.push(jsonOf(block.value))
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

/**
 * Counts without a tokenizer, for every provider: an estimate by `estimateTokens`, 4 more for each message. Once the
 * provider has said what a call weighed (`usage.inputTokens`), the memory takes that for the messages it was asked with,
 * and estimates only what came after.
 */
export function usageTokens(options: CountOptions = {}): TokenCounter {
  const { mediaTokens = defaultMediaTokens } = options
  return {
    isEstimate: true,
    perRequest: 3,
    count: (message) =>
      sentParts(message).reduce((sum, { name, texts, media }) => {
        const words = texts.reduce((tokens, text) => tokens + estimateTokens(text), estimateTokens(name))
        return sum + 4 + words + media * mediaTokens
      }, 0),
  }
}

/**
 * About how many tokens a text is: a quarter of a token for each ASCII character, a third for each digit, half a token
 * for letters of other alphabets, one for each character of Chinese, Japanese and Korean. 0 only for an empty text.
 */
export function estimateTokens(text: string): number {
  let twelfths = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x80) twelfths += code >= 0x30 && code <= 0x39 ? 4 : 3
    else twelfths += code < 0x800 ? 6 : 12
  }
  return Math.ceil(twelfths / 12)
}
