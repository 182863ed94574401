// One message of any of the seven wires, taken apart: what was said, what was called, what tools answered.
import { type Fields, isFields, textIn } from '../../core/kind.ts'

export interface Said {
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

export type Turn = Said | Called | Result

/** What stands before a history that is told in one message. */
export const historyHeader = '## Conversation History\n'

/** A history that one message tells, `name: text` a line. Gemini has the system prompt in front of it. */
export function unfolded(turn: Said, systems: string[]): Said[] {
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

/** What one message holds, in order. */
export function turnsIn(message: Fields): Turn[] {
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
