// Tokens as OpenAI counts them, with gpt-tokenizer: an optional package, loaded when the first message is counted.
import { ConfigError } from '../core/error.ts'
import { type CountOptions, defaultMediaTokens, sentParts, type TokenCounter } from './tokens.ts'

/** How OpenAI's models cut text into tokens: `o200k_base` since GPT-4o, `cl100k_base` before. */
export type OpenAIEncoding = 'o200k_base' | 'cl100k_base'

export interface OpenAITokensOptions extends CountOptions {
  /** Default: that of `modelName`. */
  encoding?: OpenAIEncoding
  /** Default: a model of today, which means `o200k_base`. */
  modelName?: string
}

type Count = (text: string) => number

/**
 * OpenAI's rule for chat models: every message is its role, its texts and 3 more, a name is 1 more, and a request is 3
 * more. The arguments of tool calls count as the text they are. Media count a flat number.
 * https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken
 *
 * Its `prepare` loads `gpt-tokenizer` (0.1 s and 30 MB), and rejects with ConfigError when that is not installed.
 */
export function openaiTokens(options: OpenAITokensOptions = {}): TokenCounter {
  const { mediaTokens = defaultMediaTokens } = options
  const encoding = options.encoding ?? encodingOf(options.modelName)
  if (encoding !== 'o200k_base' && encoding !== 'cl100k_base') {
    throw new ConfigError(`openaiTokens() knows no encoding ${JSON.stringify(encoding)}.`, {
      advice: 'Use o200k_base (GPT-4o and later) or cl100k_base (GPT-3.5 and GPT-4), or give the modelName.',
    })
  }
  let words: Count | undefined
  return {
    perRequest: 3,
    prepare: async () => {
      words ??= await loadTokenizer(encoding)
    },
    count: (message) => {
      if (words === undefined) throw new ConfigError('openaiTokens() was not prepared.', { advice: notPrepared })
      let tokens = 0
      for (const { name, texts, media } of sentParts(message)) {
        // The role is one token, whichever it is.
        tokens += 3 + 1 + media * mediaTokens
        if (name !== '') tokens += 1 + words(name)
        for (const text of texts) tokens += words(text)
      }
      return tokens
    },
  }
}

const notPrepared = 'await counter.prepare() once before counting. A memory does so by itself.'

/** Whether a model's name is one of OpenAI's, also of a fine-tuned model or with a router's prefix. */
export function isOpenAIModel(modelName: string): boolean {
  return /^(?:[\w.-]+\/)*(?:ft:)?(?:gpt-|chatgpt-|o[134](?:-|$)|codex-)/.test(modelName)
}

function encodingOf(modelName = ''): OpenAIEncoding {
  const old = /(?:^|[/:])gpt-(?:3\.5|35|4(?![o.\d]))/.test(modelName)
  return old ? 'cl100k_base' : 'o200k_base'
}

async function loadTokenizer(encoding: OpenAIEncoding): Promise<Count> {
  try {
    const { countTokens } = await (encoding === 'o200k_base'
      ? import('gpt-tokenizer/encoding/o200k_base')
      : import('gpt-tokenizer/encoding/cl100k_base'))
    // What looks like a control token in a message is text to a provider, and no reason to fail.
    const plain = { disallowedSpecial: new Set<string>() }
    return (text) => cutRuns(text).reduce((sum, piece) => sum + countTokens(piece, plain), 0)
  } catch (cause) {
    throw new ConfigError('openaiTokens() needs the package gpt-tokenizer, which cannot be loaded.', {
      advice: 'Run: npm install gpt-tokenizer. Or count with usageTokens(), which needs no package.',
      cause,
    })
  }
}

const runs = /[\p{L}\p{M}]{257,}|[^\s\p{L}\p{M}\p{N}]{257,}|\s{257,}/gu

/**
 * The text in pieces, none with a run of letters, signs or blanks longer than 256: the tokenizer takes such a run as one
 * word, and its work grows with the square of a word's length (100,000 kana: 39 s whole, 0.1 s cut). A cut may add a token.
 */
function cutRuns(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (const { 0: run, index } of text.matchAll(runs)) {
    for (let at = 0; at < run.length; at += 256) {
      pieces.push(text.slice(from, index + at))
      from = index + at
    }
  }
  pieces.push(text.slice(from))
  return pieces
}
