// Anthropic's messages. https://docs.anthropic.com/en/docs/build-with-claude/streaming
// Longer than its neighbours: eight kinds of frames and as many kinds of blocks, each read by a few lines of its own.
import type { FinishReason } from '../core/ending.ts'
import { isWholeJson, parseToolInput } from '../core/json.ts'
import { failureIn } from '../core/provider-failure.ts'
import { sumReported, type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import { type AnthropicAccent, anthropicAsking } from './anthropic.asking.ts'
import type { Decoder, Dialect, Findings, FrameContext, PlainValue } from './dialect.ts'
import { newFindings, noteFailure, noteFinish, saidDone, seedOf } from './findings.ts'
import { mintedId } from './tool-calls.ts'
import { type Fields, fieldsOf, isFields, jsonOf, listOf, textIn, wordsIn } from './values.ts'

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
  ...anthropicAsking,
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
  #first: unknown
  #calls = 0

  constructor(writer: EventWriter) {
    this.#writer = writer
  }

  decode(value: unknown, frame: FrameContext): void {
    if (!isFields(value)) return this.#writer.raw(value)
    this.#first ??= value
    switch (value['type'] ?? frame.event) {
      case 'content_block_delta':
        return this.#decodeDelta(value)
      case 'content_block_start':
        return this.#decodeStart(value['index'], value['content_block'])
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
        return noteFailure(this.findings, value)
      case 'ping':
        return
      default:
        return this.#decodeOther(value)
    }
  }

  /** Of a delta nothing counts but its own text. */
  plain(value: unknown): PlainValue | undefined {
    const { type, index, delta } = fieldsOf(value)
    if (type !== 'content_block_delta') return undefined
    switch (fieldsOf(delta)['type']) {
      case 'text_delta':
        return { text: ['delta', 'text'], say: (words) => this.#writer.text(words) }
      case 'thinking_delta':
        return { text: ['delta', 'thinking'], say: (words) => this.#writer.thinking(words) }
      case 'input_json_delta': {
        const open = this.#open.get(index)
        return open && { text: ['delta', 'partial_json'], say: (words) => this.#decodeInput(open, words) }
      }
      default:
        return undefined
    }
  }

  mark(): boolean {
    return false
  }

  finish(): void {
    for (const index of [...this.#open.keys()]) this.#close(index, saidDone(this.findings))
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

  #decodeStart(index: unknown, block: unknown): void {
    if (!isFields(block) || textIn(block['type']) === undefined) return this.#writer.raw(block)
    this.#close(index, true)
    const open: OpenBlock = { kind: 'raw', handle: -1, block, raw: '', citations: [...listOf(block['citations'])] }
    this.#writer.endProse()
    switch (block['type']) {
      case 'text':
        open.kind = 'text'
        this.#writer.text(wordsIn(block['text']))
        break
      case 'thinking':
        open.kind = 'thinking'
        this.#writer.thinking(wordsIn(block['thinking']))
        this.#sign(block['signature'])
        break
      case 'redacted_thinking':
        return this.#writer.block({ type: 'thinking', thinking: '', redacted: wordsIn(block['data']) })
      case 'tool_use':
        open.kind = 'tool'
        open.handle = this.#beginTool(block)
    }
    this.#open.set(index, open)
  }

  #beginTool({ id, name }: Fields): number {
    const ordinal = this.#calls++
    return this.#writer.beginToolUse(textIn(id) ?? mintedId(seedOf(this.findings, this.#first), ordinal), wordsIn(name))
  }

  #decodeDelta(value: Fields): void {
    const delta = fieldsOf(value['delta'])
    switch (delta['type']) {
      case 'text_delta':
        return this.#writer.text(wordsIn(delta['text']))
      case 'thinking_delta':
        return this.#writer.thinking(wordsIn(delta['thinking']))
      case 'signature_delta':
        return this.#sign(delta['signature'])
    }
    const open = this.#open.get(value['index'])
    if (open === undefined) return this.#writer.raw(value)
    if (delta['type'] === 'input_json_delta') return this.#decodeInput(open, wordsIn(delta['partial_json']))
    if (delta['type'] === 'citations_delta' && isFields(delta['citation'])) open.citations.push(delta['citation'])
    else this.#decodeOtherDelta(open, value, delta)
  }

  #sign(signature: unknown): void {
    if (textIn(signature)) this.#writer.sign('thinking', signature as string)
  }

  #decodeInput(open: OpenBlock, text: string): void {
    open.raw += text
    if (open.kind === 'tool') this.#writer.toolUseDelta(open.handle, text)
  }

  /** What a block of the provider's own is made of, for example `compaction_delta`: its fields are the block's. */
  #decodeOtherDelta(open: OpenBlock, value: Fields, delta: Fields): void {
    this.#writer.raw(value)
    if (open.kind !== 'raw') return
    const { type: _, ...fields } = delta
    for (const [key, piece] of Object.entries(fields)) {
      const known = Object.hasOwn(open.block, key) ? open.block[key] : undefined
      const grown = typeof known === 'string' && typeof piece === 'string' ? known + piece : piece
      if (grown !== null || known === undefined) open.block = { ...open.block, [key]: grown }
    }
  }

  #decodeStop(index: unknown): void {
    this.#close(index, true)
  }

  /** `whole` says that a call without argument text takes none, and was not cut off before its first letter. */
  #close(index: unknown, whole: boolean): void {
    const open = this.#open.get(index)
    if (open === undefined) return
    this.#open.delete(index)
    if (open.kind === 'tool') this.#endTool(open, whole)
    else if (open.kind === 'raw') this.#endRaw(open)
    else this.#endProse(open)
  }

  #endProse(open: OpenBlock): void {
    if (open.citations.length > 0) this.#writer.annotate({ citations: open.citations })
    this.#writer.endProse()
  }

  /**
   * Some gateways send the whole input when the block starts and no deltas. `caller` says that a program of the
   * provider's called the tool: https://docs.claude.com/en/docs/agents-and-tools/tool-use/programmatic-tool-calling
   */
  #endTool(open: OpenBlock, whole: boolean): void {
    const { input, caller } = open.block
    if (open.raw.trim() === '' && isFields(input) && Object.keys(input).length > 0) {
      this.#decodeInput(open, jsonOf(input))
    }
    const closed = open.raw.trim() === '' ? whole : isWholeJson(open.raw)
    this.findings.allToolCallsClosed &&= closed
    this.#writer.endToolUse(open.handle, { incomplete: !closed, metadata: isFields(caller) ? { caller } : undefined })
  }

  /** What the provider ran itself is kept as it came, so that it can be sent back. */
  #endRaw(open: OpenBlock): void {
    const value: Fields = { ...open.block }
    if (open.raw !== '') value['input'] = parseToolInput(open.raw) ?? open.raw
    if (open.citations.length > 0) value['citations'] = open.citations
    this.#writer.block({ type: 'raw', dialect: 'anthropic', value })
  }

  #decodeMessageDelta(value: Fields): void {
    const delta = fieldsOf(value['delta'])
    noteFinish(this.findings, delta['stop_reason'], finishReasons)
    const { metadata } = this.findings
    if (textIn(delta['stop_sequence'])) metadata['stopSequence'] = delta['stop_sequence']
    if (isFields(delta['stop_details'])) metadata['stopDetails'] = delta['stop_details']
    this.#noteContext(delta)
    this.#noteContext(value)
    this.#mergeUsage(value['usage'])
  }

  /** The counters of `message_delta` are totals: they replace those of `message_start`, they are never added. */
  #mergeUsage(usage: unknown): void {
    if (!isFields(usage) || Object.keys(usage).length === 0) return
    const told = Object.entries(usage).filter(([, value]) => value !== null)
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) }
  }

  #noteContext(told: Fields): void {
    const { container, context_management: management } = told
    if (isFields(container)) this.findings.metadata['container'] = container
    if (isFields(management)) this.findings.metadata['contextManagement'] = management
  }

  #noteMessage(message: Fields): void {
    const { metadata } = this.findings
    if (textIn(message['id'])) metadata['responseId'] = message['id']
    if (textIn(message['model'])) metadata['model'] = message['model']
    this.#noteContext(message)
    this.#mergeUsage(message['usage'])
  }

  #decodeWhole(message: Fields): void {
    this.#noteMessage(message)
    for (const block of listOf(message['content'])) this.#decodeWholeBlock(block)
    this.#decodeMessageDelta({ delta: message })
  }

  #decodeWholeBlock(block: unknown): void {
    this.#decodeStart('whole', block)
    const open = this.#open.get('whole')
    if (open?.kind === 'tool' && isFields(open.block['input']))
      this.#decodeInput(open, JSON.stringify(open.block['input']))
    this.#decodeStop('whole')
  }

  /** Gateways leave the type out, of failures and of whole replies. */
  #decodeOther(value: Fields): void {
    if (value['type'] === undefined && Array.isArray(value['content'])) return this.#decodeWhole(value)
    const failure = value['type'] === undefined ? failureIn(value) : undefined
    if (failure === undefined) this.#writer.raw(value)
    else this.findings.failure = failure
  }
}
