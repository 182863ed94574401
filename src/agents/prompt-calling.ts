// Tools in words, for models that know none: how they are described, how a call is written, and how it is read again.
import type { StreamEvent } from '../core/event.ts'
import { parseToolInput } from '../core/json.ts'
import { isFields, textIn } from '../core/kind.ts'
import {
  type Block,
  blocksOf,
  type Msg,
  type TextBlock,
  type ToolResultBlock,
  type ToolUseBlock,
} from '../core/message.ts'
import { type TagPiece, TagSplitter } from '../core/tags.ts'
import type { ToolSchema } from '../core/tool.ts'
import { EventWriter } from '../core/writer.ts'
import type { ModelResponse } from '../models/response.ts'
import { ResponseView } from './response-view.ts'
import type { Spoken } from './speech.ts'

/** Tags that many open models were trained on (Hermes, Qwen). */
const tags = { open: '<tool_call>', close: '</tool_call>' } as const

export interface PromptCalling {
  /** For the system prompt; nothing when there are no tools. */
  readonly instruction: string | undefined
  /** The conversation with calls and results as text. */
  history(messages: readonly Msg[]): Msg[]
  /** The answer with the calls that stand in its text as tool calls. */
  spoken(response: ModelResponse): Spoken
}

/** The prompt-based way of AgentScope's first `ReActAgent`, with streaming and calls that are shown as calls. */
export function promptCalling(schemas: readonly ToolSchema[]): PromptCalling {
  return {
    instruction: schemas.length === 0 ? undefined : instructionFor(schemas),
    history: (messages) => messages.map(inWords),
    spoken: (response) => new CallsInText(response),
  }
}

function instructionFor(schemas: readonly ToolSchema[]): string {
  const list = schemas.map((schema) => JSON.stringify(schema)).join('\n')
  return `You can call these tools, described as JSON, one a line:
${list}

To call one, write a JSON object between tags, and nothing behind it:
${tags.open}
{"name": "<the tool's name>", "arguments": {<its input>}}
${tags.close}
You may write several calls. The results come in the next message. When you need no tool, simply answer.`
}

function inWords(message: Msg): Msg {
  const blocks = blocksOf(message)
  if (!blocks.some(({ type }) => type === 'tool_use' || type === 'tool_result')) return message
  const isResults = blocks.some(({ type }) => type === 'tool_result')
  return {
    ...message,
    name: isResults ? 'tools' : message.name,
    role: isResults ? 'user' : message.role,
    content: blocks.flatMap(wordsOf),
  }
}

function wordsOf(block: Block): Block[] {
  if (block.type === 'tool_use') return [{ type: 'text', text: callText(block) }]
  if (block.type === 'tool_result') return resultBlocks(block)
  return [block]
}

function callText({ name, input, rawInput }: ToolUseBlock): string {
  const called = input === undefined ? rawInput : JSON.stringify({ name, arguments: input })
  return `${tags.open}\n${called}\n${tags.close}\n`
}

function resultBlocks({ name = 'tool', output, isError }: ToolResultBlock): Block[] {
  const opening = `<tool_response name="${name}"${isError ? ' error="true"' : ''}>\n`
  const text = (words: string): TextBlock => ({ type: 'text', text: words })
  return [text(opening), ...blocksOf({ content: output }), text('\n</tool_response>\n')]
}

/** A view of a response in which calls written as text are calls. */
class CallsInText extends ResponseView {
  readonly #writer: EventWriter
  readonly #splitter = new TagSplitter(tags)
  #call = ''

  constructor(response: ModelResponse) {
    super(response)
    this.#writer = new EventWriter({ id: response.id, name: '' })
  }

  protected override heard(event: StreamEvent): readonly StreamEvent[] {
    if (event.type === 'notice' || event.type === 'raw') return [event]
    this.#take(event)
    return this.#writer.take()
  }

  #take(event: StreamEvent): void {
    const writer = this.#writer
    switch (event.type) {
      case 'text-delta':
        return this.#text(this.#splitter.push(event.delta))
      case 'thinking-delta':
        return writer.thinking(event.delta)
      case 'block-start':
        if (event.block.type === 'text') return this.#text(this.#splitter.push(event.block.text))
        if (event.block.type === 'thinking') return writer.thinking(event.block.thinking)
        return event.block.type === 'tool_use' ? undefined : writer.block(event.block)
      case 'message-end': {
        this.#text(this.#splitter.end())
        if (this.#splitter.inside) this.#finishCall(false)
        const { ending, usage, metadata } = event
        const called = writer.toolCalls > 0 && ending.reason === 'stop'
        writer.end(called ? { ...ending, reason: 'tool-calls' } : ending, usage, metadata)
      }
    }
  }

  #text(pieces: readonly TagPiece[]): void {
    for (const { text, inside, closes } of pieces) {
      if (inside) this.#call += text
      else this.#writer.text(text)
      if (closes) this.#finishCall(true)
    }
  }

  /** A call that cannot be read stays as it was written, and is none that may run. */
  #finishCall(isClosed: boolean): void {
    const raw = this.#call.trim()
    this.#call = ''
    const call = isClosed ? parseToolInput(raw) : undefined
    const name = isFields(call) ? textIn(call['name']) : undefined
    const index = this.#writer.beginToolUse(crypto.randomUUID(), name ?? 'unreadable_call')
    if (name === undefined || !isFields(call)) {
      this.#writer.toolUseDelta(index, raw)
      return this.#writer.endToolUse(index, { incomplete: true })
    }
    this.#writer.toolUseDelta(index, JSON.stringify(call['arguments'] ?? call['parameters'] ?? {}))
    this.#writer.endToolUse(index)
  }
}
