// Random runs as programs log them, cut anywhere, for the tests of the live protocol.
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { EventWriter } from '../../src/core/writer.ts'
import type { JournalEntry, JournalRecord } from '../../src/journal/journal.ts'
import type { RunModel } from '../../src/studio/protocol/model.ts'
import { randomFrom } from '../suites/mutate.ts'

export const start = Date.UTC(2026, 10, 22)

/** Records at offsets that rise by one or more. */
export function entriesOf(records: readonly JournalRecord[], random: () => number = () => 0): JournalEntry[] {
  let offset = 0
  return records.map((record) => {
    offset += 1 + Math.floor(random() * 3)
    return { offset, record }
  })
}

export function said(event: StreamEvent, name = 'Friday'): JournalRecord {
  return { type: 'event', at: start, speaker: { name, id: `agent-${name}` }, event }
}

const words = ['a', 'no ', '雨が', '😀', 'é', '\r\n', '```', ' long word that goes on', '\ud83d', '\ude00', '👩‍👩‍👧']

/** The events of a few messages that are spoken at once, some of which start again, answer calls, or fail. */
export function randomRun(seed: number, messages = 6): StreamEvent[] {
  const random = randomFrom(seed)
  const spoken = Array.from({ length: messages }, (_, at) => randomMessage(`m${seed}-${at}`, random))
  const events: StreamEvent[] = []
  while (spoken.length > 0) {
    const at = Math.floor(random() * Math.min(3, spoken.length))
    const event = spoken[at]?.shift()
    if (event === undefined) spoken.splice(at, 1)
    else events.push(event)
  }
  return events
}

function randomMessage(id: string, random: () => number): StreamEvent[] {
  if (random() < 0.3) return randomResult(id, random)
  const events: StreamEvent[] = []
  if (random() < 0.3) {
    const first = new EventWriter({ id, name: 'Friday' })
    sayAnything(first, random)
    first.notice('replaced', 'starts over')
    events.push(...first.take())
  }
  const writer = new EventWriter({ id, name: 'Friday', replyId: 'r1' })
  sayAnything(writer, random)
  if (random() < 0.9) writer.end({ reason: 'stop', complete: true }, { inputTokens: 3, outputTokens: 2 })
  return [...events, ...writer.take()]
}

function sayAnything(writer: EventWriter, random: () => number): void {
  const calls: number[] = []
  const word = () => words[Math.floor(random() * words.length)] as string
  for (let left = Math.floor(random() * 40); left > 0; left -= 1) {
    const what = random()
    if (what < 0.4) writer.text(word())
    else if (what < 0.6) writer.thinking(word())
    else if (what < 0.65) calls.push(writer.beginToolUse(`c${left}`, 'search'))
    else if (what < 0.9) writer.toolUseDelta(calls.at(-1) ?? -1, word())
    else if (what < 0.93) writer.endToolUse(calls.pop() ?? -1)
    else if (what < 0.96) writer.block({ type: 'image', url: 'data:image/png;base64,AAAA' })
    else writer.refusal(word())
  }
}

/** A message of one tool result, whose end says that it was another text than the one that was heard, or more than it. */
function randomResult(id: string, random: () => number): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'message-start', id, role: 'system', name: 'Friday' }]
  events.push({ type: 'block-start', id, index: 0, block: { type: 'tool_result', id: 'c1', output: '' } })
  for (let left = 1 + Math.floor(random() * 20); left > 0; left -= 1)
    events.push({ type: 'tool-result-delta', id, index: 0, delta: `${left} ` })
  const image = { type: 'image', url: 'data:image/png;base64,BBBB' } as const
  if (random() < 0.5)
    events.push({ type: 'block-end', id, index: 0, output: [{ type: 'text', text: 'all else' }, image] })
  else events.push({ type: 'block-end', id, index: 0, isError: true })
  return [...events, { type: 'message-end', id, ending: { reason: 'stop', complete: true } }]
}

/** What the events fold to, as the texts of each message's blocks. */
export function foldedTexts(events: readonly StreamEvent[]): Record<string, string[]> {
  const messages = new Map<string, Msg>()
  for (const event of events) {
    if (event.id === undefined) continue
    messages.set(event.id, applyEvent(messages.get(event.id), event))
  }
  return Object.fromEntries(
    [...messages].map(([id, { content }]) => [id, typeof content === 'string' ? [content] : content.flatMap(textsOf)]),
  )
}

function textsOf(block: Exclude<Msg['content'], string>[number]): string[] {
  if (block.type === 'text') return [block.text]
  if (block.type === 'thinking') return [block.thinking]
  if (block.type === 'tool_use') return [block.rawInput]
  if (block.type !== 'tool_result') return ['']
  if (typeof block.output === 'string') return [block.output]
  const texts = block.output.map((each) => (each.type === 'text' ? each.text : ''))
  return [texts.join(''), ...block.output.filter(({ type }) => type !== 'text').map(() => '')]
}

/** The same of a model. */
export function modelTexts(model: RunModel): Record<string, string[]> {
  return Object.fromEntries(model.messages.map(({ id, parts }) => [id, parts.map(({ text }) => text)]))
}
