// What a tab may say, read from whatever came: every frame that is not one gets a reason, and nothing is thrown.
import type { ClientFrame } from '../protocol/frames.ts'

export type ReadFrame = { frame: ClientFrame } | { id: number; code: string; text: string }

type Fields = Record<string, unknown>

/** Lengths of ids and words of a person, in UTF-16 units. */
const longestId = 300
const longestText = 1 << 20
const mostParts = 10_000

const whens: readonly unknown[] = [undefined, 'now', 'after-tool', 'after-reply']

/** What each kind of frame must hold; the answer is what is wrong with it. */
const checks: Record<ClientFrame['t'], (frame: Fields) => string | undefined> = {
  sub: ({ run, seq, have }) => (isId(run) ? (isCount(seq) ? (isLengths(have) ? undefined : 'have') : 'seq') : 'run'),
  unsub: ({ run }) => (isId(run) ? undefined : 'run'),
  list: ({ on }) => (typeof on === 'boolean' ? undefined : 'on'),
  vis: ({ on }) => (typeof on === 'boolean' ? undefined : 'on'),
  ack: ({ n }) => (isCount(n) ? undefined : 'n'),
  ping: () => undefined,
  stop: ({ run, reply }) => (isId(run) ? (reply === undefined || isId(reply) ? undefined : 'reply') : 'run'),
  steer: ({ run, agent, text, when }) => {
    if (!isId(run)) return 'run'
    if (!isId(agent)) return 'agent'
    if (typeof text !== 'string' || text.length > longestText) return 'text'
    return whens.includes(when) ? undefined : 'when'
  },
  answer: ({ run, req, key, value }) => {
    if (!isId(run)) return 'run'
    if (!isId(req)) return 'req'
    if (!isId(key)) return 'key'
    // A field of another name would make it an empty answer, and the first one counts.
    if (!isFields(value) || Object.keys(value).some((name) => name !== 'content' && name !== 'value')) return 'value'
    return value['content'] === undefined || typeof value['content'] === 'string' ? undefined : 'value'
  },
}

/** Reads one frame of a tab. */
export function parseClientFrame(text: string): ReadFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { id: 0, code: 'bad-frame', text: 'The frame is no JSON.' }
  }
  if (!isFields(value)) return { id: 0, code: 'bad-frame', text: 'A frame is a JSON object with a field t.' }
  const id = isCount(value['id']) ? value['id'] : 0
  if (value['id'] !== undefined && id === 0) return bad(id, 'id')
  const check = Object.hasOwn(checks, String(value['t'])) ? checks[value['t'] as ClientFrame['t']] : undefined
  if (check === undefined) return { id, code: 'unknown-frame', text: 'There is no such kind of frame.' }
  const wrong = check(value)
  return wrong === undefined ? { frame: value as ClientFrame } : bad(id, wrong)
}

function bad(id: number, field: string): ReadFrame {
  return { id, code: 'bad-frame', text: `The field ${field} of the frame is missing or wrong.` }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestId
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isLengths(value: unknown): boolean {
  if (!isFields(value)) return false
  const lengths = Object.values(value)
  return lengths.length <= mostParts && lengths.every(isCount)
}
