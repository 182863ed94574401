// Anthropic's messages. https://docs.anthropic.com/en/docs/build-with-claude/streaming
import type { FinishReason } from '../core/ending.ts'
import { isWholeJson, parseToolInput } from '../core/json.ts'
import { failureIn } from '../core/provider-failure.ts'
import { sumReported, type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import { type AnthropicRequestAccent, formatAnthropic, requestAnthropic } from './anthropic.format.ts'
import type { Decoder, Dialect, Findings, FrameContext } from './dialect.ts'
import { newFindings, noteFinish, saidDone } from './findings.ts'
import { type Fields, fieldsOf, isFields, listOf, textIn } from './values.ts'

export interface AnthropicAccent extends AnthropicRequestAccent {}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'refusal',
  pause_turn: 'pause',
}

export const anthropic: Dialect<AnthropicAccent> = {
  name: 'anthropic',
  framing: 'sse',
  roles: ['system', 'user', 'assistant'],
  format: formatAnthropic,
  request: requestAnthropic,
  decoder: (writer) => new AnthropicDecoder(writer),
}

/** A block that the wire has opened: ours by the writer's handle, or one that is kept as it came. */
interface OpenBlock {
  kind: 'text' | 'thinking' | 'tool' | 'raw'
  /** The writer's handle of a tool call. */
  handle: number
  /** The block as the wire opened it. */
  block: Fields
  /** Argument text so far. */
  raw: string
  citations: unknown[]
}

class AnthropicDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #open = new Map<unknown, OpenBlock>()
  #usage: Fields | undefined

  constructor(writer: EventWriter) {
    this.#writer = writer
  }

  decode(value: unknown, frame: FrameContext): void {
    if (!isFields(value)) return this.#writer.raw(value)
    switch (value['type'] ?? frame.event) {
      case 'content_block_delta':
        return this.#decodeDelta(value)
      case 'content_block_start':
        return this.#decodeStart(value['index'], fieldsOf(value['content_block']))
      case 'content_block_stop':
        return this.#decodeStop(value['index'])
      case 'message_start':
        return this.#noteMessage(fieldsOf(value['message']))
      case 'message_delta':
        return this.#decodeMessageDelta(value)
      case 'message_stop':
        this.findings.marker = true
        return
      case 'message':
        return this.#decodeWhole(value)
      case 'error':
        this.findings.failure = failureIn(value) ?? { message: JSON.stringify(value).slice(0, 500) }
        return
      case 'ping':
        return
      default:
        return this.#decodeOther(value)
    }
  }

  mark(): boolean {
    return false
  }

  finish(): void {
    for (const [index, open] of this.#open) {
      if (open.kind === 'tool') this.#endTool(open, saidDone(this.findings))
      else if (open.kind === 'raw') this.#endRaw(open)
      this.#open.delete(index)
    }
  }

  /** `input_tokens` leaves the cache out on this wire; our input counts it. */
  usage(): Usage | undefined {
    const usage = this.#usage
    if (usage === undefined) return undefined
    const { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage
    return usageOf(
      {
        inputTokens: sumReported(input, read, written),
        outputTokens: usage['output_tokens'],
        totalTokens: undefined,
        cachedInputTokens: read,
        cacheWriteInputTokens: written,
        reasoningTokens: fieldsOf(usage['output_tokens_details'])['thinking_tokens'],
      },
      usage,
    )
  }

  #decodeStart(index: unknown, block: Fields): void {
    const open: OpenBlock = { kind: 'raw', handle: -1, block, raw: '', citations: [...listOf(block['citations'])] }
    switch (block['type']) {
      case 'text':
        open.kind = 'text'
        this.#writer.endProse()
        this.#writer.text(textIn(block['text']) ?? '')
        break
      case 'thinking':
        open.kind = 'thinking'
        this.#writer.endProse()
        this.#writer.thinking(textIn(block['thinking']) ?? '')
        if (textIn(block['signature'])) this.#writer.sign('thinking', block['signature'] as string)
        break
      case 'redacted_thinking':
        this.#writer.block({ type: 'thinking', thinking: '', redacted: String(block['data'] ?? '') })
        return
      case 'tool_use':
        open.kind = 'tool'
        open.handle = this.#writer.beginToolUse(String(block['id'] ?? ''), String(block['name'] ?? ''))
        break
    }
    this.#open.set(index, open)
  }

  #decodeDelta(value: Fields): void {
    const delta = fieldsOf(value['delta'])
    switch (delta['type']) {
      case 'text_delta':
        return this.#writer.text(String(delta['text'] ?? ''))
      case 'thinking_delta':
        return this.#writer.thinking(String(delta['thinking'] ?? ''))
      case 'signature_delta':
        return this.#writer.sign('thinking', String(delta['signature'] ?? ''))
      case 'input_json_delta':
        return this.#decodeInput(this.#open.get(value['index']), String(delta['partial_json'] ?? ''))
      case 'citations_delta':
        return this.#noteCitation(this.#open.get(value['index']), delta['citation'])
      default:
        return this.#writer.raw(value)
    }
  }

  #decodeInput(open: OpenBlock | undefined, text: string): void {
    if (open === undefined) return
    open.raw += text
    if (open.kind === 'tool') this.#writer.toolUseDelta(open.handle, text)
  }

  #noteCitation(open: OpenBlock | undefined, citation: unknown): void {
    if (open !== undefined) open.citations.push(citation)
  }

  #decodeStop(index: unknown): void {
    const open = this.#open.get(index)
    if (open === undefined) return
    this.#open.delete(index)
    if (open.kind === 'tool') this.#endTool(open, true)
    else if (open.kind === 'raw') this.#endRaw(open)
    else this.#endProse(open)
  }

  #endProse(open: OpenBlock): void {
    if (open.citations.length > 0) this.#writer.annotate({ citations: open.citations })
    this.#writer.endProse()
  }

  /** Some gateways send the whole input when the block starts and no deltas. */
  #endTool(open: OpenBlock, whole: boolean): void {
    const input = open.block['input']
    if (open.raw.trim() === '' && isFields(input) && Object.keys(input).length > 0) {
      this.#decodeInput(open, JSON.stringify(input))
    }
    const closed = open.raw.trim() === '' ? whole : isWholeJson(open.raw)
    this.findings.allToolCallsClosed &&= closed
    this.#writer.endToolUse(open.handle, { incomplete: !closed })
  }

  /** What the provider ran itself is kept as it came, so that it can be sent back. */
  #endRaw(open: OpenBlock): void {
    const value: Fields = { ...open.block }
    if (open.raw !== '') value['input'] = parseToolInput(open.raw) ?? open.raw
    this.#writer.block({ type: 'raw', dialect: 'anthropic', value })
  }

  #decodeMessageDelta(value: Fields): void {
    const delta = fieldsOf(value['delta'])
    noteFinish(this.findings, delta['stop_reason'], finishReasons)
    const { metadata } = this.findings
    if (textIn(delta['stop_sequence'])) metadata['stopSequence'] = delta['stop_sequence']
    if (isFields(delta['stop_details'])) metadata['stopDetails'] = delta['stop_details']
    if (isFields(delta['container'])) metadata['container'] = delta['container']
    if (isFields(value['context_management'])) metadata['contextManagement'] = value['context_management']
    this.#mergeUsage(value['usage'])
  }

  /** The counters of `message_delta` are totals: they replace those of `message_start`, they are never added. */
  #mergeUsage(usage: unknown): void {
    if (!isFields(usage)) return
    this.#usage = { ...this.#usage }
    for (const [key, value] of Object.entries(usage)) if (value !== null) this.#usage[key] = value
  }

  #noteMessage(message: Fields): void {
    const { metadata } = this.findings
    if (textIn(message['id'])) metadata['responseId'] = message['id']
    if (textIn(message['model'])) metadata['model'] = message['model']
    this.#mergeUsage(message['usage'])
  }

  #decodeWhole(message: Fields): void {
    this.#noteMessage(message)
    for (const block of listOf(message['content'])) this.#decodeWholeBlock(fieldsOf(block))
    this.#decodeMessageDelta({ delta: message })
    this.findings.marker = true
  }

  #decodeWholeBlock(block: Fields): void {
    this.#decodeStart('whole', block)
    this.#decodeStop('whole')
  }

  #decodeOther(value: Fields): void {
    const failure = value['type'] === undefined ? failureIn(value) : undefined
    if (failure === undefined) this.#writer.raw(value)
    else this.findings.failure = failure
  }
}
