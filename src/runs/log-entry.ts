// What happened, as entries of `logging.log`: plain text that a person reads.
import type { StreamEvent } from '../core/event.ts'
import { dataTypeOf } from '../core/media.ts'
import { type Block, blocksOf, type MediaBlock, type Msg } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import type { ModelInvocation, Speaker } from '../scope.ts'
import type { Heard } from './open-messages.ts'

export interface LogEntry {
  level: 'INFO' | 'WARNING' | 'ERROR'
  text: string
}

/** What is no part of a message; `undefined` for what is, and for wire values that nobody understood. */
export function eventEntry(speaker: Speaker, event: StreamEvent): LogEntry | undefined {
  switch (event.type) {
    case 'notice':
      return { level: 'INFO', text: `${speaker.name} (${event.kind}): ${event.text}` }
    case 'error': {
      const { type, message, advice } = event.error
      return { level: 'ERROR', text: `${speaker.name}: ${type}: ${message}${advice === undefined ? '' : ` ${advice}`}` }
    }
    case 'input-request': {
      const { name, text, approval } = event
      const about = approval && `may ${approval.tool} run with ${JSON.stringify(approval.input)}?`
      return { level: 'INFO', text: `${name} is asked: ${text ?? about ?? 'what do you say?'}` }
    }
    case 'input-answer':
      return { level: 'INFO', text: `${speaker.name} got the answer: ${wordsOf(blocksOf(event))}` }
    default:
      return undefined
  }
}

/** A message that has ended, or that nobody will end any more. */
export function messageEntry({ speaker, message }: Heard): LogEntry {
  const words = `${message.name || speaker.name}: ${wordsOf(blocksOf(message))}`
  const { ending } = message
  if (ending?.complete) return { level: 'INFO', text: words + tokensOf(message.usage) }
  const why = ending === undefined ? 'it was never ended' : reasonOf(ending)
  return { level: 'WARNING', text: `${words} [incomplete: ${why}]${tokensOf(message.usage)}` }
}

/** A question to a model that was refused, of which no message tells. */
export function refusalEntry({ speaker, model, error, response }: ModelInvocation): LogEntry | undefined {
  if (error === undefined || response !== undefined) return undefined
  return { level: 'ERROR', text: `${speaker.name} asked ${model.configName}: ${error.type}: ${error.message}` }
}

/** One line, or a line and indented ones, so that no text can pass for an entry of its own. */
export function logLine({ level, text }: LogEntry, at: Date): string {
  const harmless = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, escaped)
  return `${at.toISOString()} ${level.padEnd(7)} ${harmless.replaceAll('\n', '\n  ')}\n`
}

function escaped(control: string): string {
  return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function reasonOf(ending: NonNullable<Msg['ending']>): string {
  return ending.error === undefined ? ending.reason : `${ending.reason}, ${ending.error.message}`
}

function tokensOf(usage: Usage | undefined): string {
  const { inputTokens, outputTokens } = usage ?? {}
  if (inputTokens === undefined && outputTokens === undefined) return ''
  return ` (tokens: ${inputTokens ?? '?'} in, ${outputTokens ?? '?'} out)`
}

function wordsOf(blocks: readonly Block[]): string {
  return blocks.map(wordsIn).join('\n')
}

function wordsIn(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'thinking':
      return `(thinks) ${block.thinking}`
    case 'tool_use':
      return `(calls ${block.name}) ${block.rawInput || '{}'}`
    case 'tool_result': {
      const output = typeof block.output === 'string' ? block.output : wordsOf(block.output)
      return `(${block.name ?? block.id} ${block.isError ? 'failed' : 'answered'}) ${output}`
    }
    case 'raw':
      return `(something that only ${block.dialect} understands)`
    default:
      return mediaWords(block)
  }
}

/** An address as it is; of data inside a URI only what it is and how long. */
function mediaWords(block: MediaBlock): string {
  const { type, url } = block
  const kind = dataTypeOf(block)
  return kind === undefined ? `(${type}) ${url}` : `(${type}) ${kind}, ${url.length} characters of data`
}
