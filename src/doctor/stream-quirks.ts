// All that the bytes of one streamed reply show, without asking anybody.
import type { DialectName } from '../dialects/dialect.ts'
import { BodyReader } from '../stream/body.ts'
import type { FrameSink } from '../stream/frames.ts'
import { AnthropicQuirks } from './anthropic-quirks.ts'
import { ChatQuirks } from './chat-quirks.ts'
import { DashScopeQuirks } from './dashscope-quirks.ts'
import { frameQuirks } from './frame-quirks.ts'
import { GeminiQuirks } from './gemini-quirks.ts'
import { OllamaQuirks } from './ollama-quirks.ts'
import type { Note, QuirkName, StreamCheck } from './quirk.ts'

const checks: Readonly<Record<string, (note: Note) => StreamCheck>> = {
  'openai-chat': (note) => new ChatQuirks(note),
  ollama: (note) => new OllamaQuirks(note),
  dashscope: (note) => new DashScopeQuirks(note),
  anthropic: (note) => new AnthropicQuirks(note),
  gemini: (note) => new GeminiQuirks(note),
}

/** What is no quirk on that wire, because its own provider does so. */
const usual: Readonly<Record<string, readonly QuirkName[]>> = {
  dashscope: ['id-lines', 'event-lines', 'no-space', 'call-empty-id'],
  anthropic: ['event-lines'],
  gemini: ['crlf'],
}

/** The quirks of one body that was asked to stream, each once, in the order in which they were seen. */
export function streamQuirks(dialect: DialectName, bytes: Uint8Array, contentType: string): QuirkName[] {
  const seen = new Set<QuirkName>()
  const note: Note = (name) => void (usual[dialect]?.includes(name) || seen.add(name))
  const check = (checks[dialect] ?? checks['openai-chat']!)(note)
  const expected = dialect === 'ollama' ? 'ndjson' : 'sse'
  const reader = new BodyReader(expected, contentType, sinkInto(check, note), () => undefined)
  reader.push(bytes)
  reader.end()
  check.end()
  if (reader.framing === 'whole') note('whole-reply')
  else if (reader.framing !== undefined) frameQuirks(bytes, reader.framing, note)
  const type = reader.framing === 'sse' ? 'event-stream' : 'json'
  if (reader.framing !== undefined && contentType !== '' && !contentType.includes(type)) note('wrong-type')
  return [...seen]
}

function sinkInto(check: StreamCheck, note: Note): FrameSink {
  return {
    frame(text, { event }) {
      if (text.trim() === '' || check.mark?.(text)) return
      const value = parsed(text)
      if (value === undefined) note('broken-frame')
      else check.value(value, event)
    },
    stray(text) {
      note('stray-lines')
      const value = parsed(text)
      if (value !== undefined) check.value(value, undefined)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
