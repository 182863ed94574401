// A conversation as it arrived on any of the seven wires, read the same way for all.
import { type Fields, isFields, textIn } from '../../core/kind.ts'

interface Said {
  type: 'speech'
  role: 'user' | 'assistant'
  speaker: string | undefined
  text: string
}

interface Called {
  type: 'call'
  id: string
  name: string
}

/** What a tool answered. */
export interface Result {
  type: 'result'
  id: string
  name: string
  text: string
}

type Turn = Said | Called | Result

export interface Conversation {
  system: string
  /** The name that the system prompt gives the model. */
  self: string | undefined
  /** The last words that were said to the model, and who said them. */
  asked: string
  speaker: string | undefined
  /** Everything that was said, one speech a line. */
  all: string
  /** Who took part. */
  names: string[]
  /** What happened behind the last words. */
  called: string[]
  results: Result[]
}

const historyHeader = '## Conversation History\n'

/** @param system what the wire keeps beside the messages. */
export function conversationIn(messages: readonly unknown[], system: string): Conversation {
  const systems = [system]
  const turns: Turn[] = []
  for (const message of messages.filter(isFields)) {
    if (message['role'] === 'system') systems.push(textsIn(message))
    else turns.push(...turnsIn(message))
  }
  const folded = turns.some((turn) => turn.type === 'speech' && turn.text.includes(historyHeader))
  const spoken = folded
    ? turns.flatMap((turn): Turn[] => (turn.type === 'speech' ? unfolded(turn, systems) : [turn]))
    : turns
  return summed(spoken, systems.filter(Boolean).join('\n'))
}

function summed(turns: readonly Turn[], system: string): Conversation {
  const self = /\b(?:You are|Your name is|I am) (?:an? |the )?(\p{Lu}[\p{L}\p{N}_-]*)/u.exec(system)?.[1]
  const at = turns.findLastIndex((turn) => turn.type === 'speech' && isForMe(turn, self))
  const last = turns[at]
  const behind = turns.slice(at + 1)
  const speeches = turns.filter((turn) => turn.type === 'speech')
  const names = new Map(turns.filter((turn) => turn.type === 'call').map(({ id, name }) => [id, name]))
  return {
    system,
    self,
    asked: last?.type === 'speech' ? last.text : '',
    speaker: last?.type === 'speech' && last.speaker !== self ? last.speaker : undefined,
    all: speeches.map(({ speaker, text }) => (speaker === undefined ? text : `${speaker}: ${text}`)).join('\n'),
    names: [...new Set(speeches.flatMap(({ speaker }) => speaker ?? []))],
    called: behind.flatMap((turn) => (turn.type === 'call' ? [turn.name] : [])),
    results: behind.flatMap((turn) =>
      turn.type === 'result' ? [{ ...turn, name: turn.name || (names.get(turn.id) ?? '') }] : [],
    ),
  }
}

/** Another agent may speak in the role of an assistant, with its name. */
function isForMe({ role, speaker, text }: Said, self: string | undefined): boolean {
  if (text.startsWith('Part of the result of ')) return false
  return role === 'user' ? speaker === undefined || speaker !== self : speaker !== undefined && speaker !== self
}

/** A history that one message tells, `name: text` a line. Gemini has the system prompt in front of it. */
function unfolded(turn: Said, systems: string[]): Said[] {
  const begin = turn.text.indexOf(historyHeader)
  if (begin > 0) systems.push(turn.text.slice(0, begin).trim())
  const lines = begin < 0 ? turn.text : turn.text.slice(begin + historyHeader.length)
  const said: Said[] = []
  for (const line of lines.split('\n')) {
    const [, speaker, text = ''] = /^([\p{L}\p{N}][\p{L}\p{N} _.-]{0,40}): (.*)$/u.exec(line) ?? []
    const last = said.at(-1)
    if (speaker !== undefined) said.push({ type: 'speech', role: 'user', speaker, text })
    else if (last !== undefined) last.text += `\n${line}`
    else said.push({ type: 'speech', role: 'user', speaker: undefined, text: line })
  }
  return said
}

function turnsIn(message: Fields): Turn[] {
  if (message['role'] === 'tool') {
    const name = textIn(message['tool_name']) ?? textIn(message['name']) ?? ''
    return [{ type: 'result', id: String(message['tool_call_id'] ?? ''), name, text: textsIn(message) }]
  }
  const role = message['role'] === 'assistant' || message['role'] === 'model' ? 'assistant' : 'user'
  const text = textsIn(message)
  const said: Turn[] = text === '' ? [] : [{ type: 'speech', role, speaker: textIn(message['name']), text }]
  const calls = listOf(message['tool_calls']).map(({ id, function: called }): Turn => {
    return { type: 'call', id: String(id ?? ''), name: isFields(called) ? String(called['name']) : '' }
  })
  return [...partsOf(message).flatMap(actIn), ...said, ...calls]
}

/** Calls and results that stand among the parts of a message: Anthropic's and Gemini's. */
function actIn(part: Fields): Turn[] {
  if (part['type'] === 'tool_use') return [{ type: 'call', id: String(part['id']), name: String(part['name']) }]
  if (part['type'] === 'tool_result') {
    return [{ type: 'result', id: String(part['tool_use_id']), name: '', text: textsIn(part) }]
  }
  const { functionCall: call, functionResponse: response } = part
  if (isFields(call)) return [{ type: 'call', id: String(call['id'] ?? ''), name: String(call['name']) }]
  if (!isFields(response)) return []
  const { output, error, ...rest } = isFields(response['response']) ? response['response'] : {}
  const text = output ?? error ?? rest
  return [
    {
      type: 'result',
      id: String(response['id'] ?? ''),
      name: String(response['name']),
      text: typeof text === 'string' ? text : JSON.stringify(text),
    },
  ]
}

function partsOf(message: Fields): Fields[] {
  return [...listOf(message['content']), ...listOf(message['parts'])]
}

/** The text of a message or a part, whichever form it has. Thoughts are none. */
export function textsIn(message: Fields): string {
  if (typeof message['content'] === 'string') return message['content']
  const texts = partsOf(message).filter((part) => part['thought'] !== true && typeof part['text'] === 'string')
  return texts.map((part) => part['text']).join('\n')
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}
