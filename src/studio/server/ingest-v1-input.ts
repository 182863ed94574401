// What programs written for Python AgentScope send, checked: v1's bodies, and the fields that v0.1.6 sent instead.
import type { MessageStart } from '../../core/event.ts'
import { type Fields, fieldsOf, isFields, kindOf, textIn, wordOrKind } from '../../core/kind.ts'
import type { Metadata, Role } from '../../core/message.ts'
import type { RunFacts } from '../../journal/journal.ts'
import type { Speaker } from '../../scope.ts'
import { type SaidBlock, saidBlocks } from './ingest-v1-blocks.ts'

/** A body that does not say what it must; the text names the field. */
export class InputRefused extends Error {}

export interface Pushed {
  speaker: Speaker
  start: MessageStart
  said: readonly SaidBlock[]
  metadata?: Metadata
  hasSpeech: boolean
}

export interface Asked {
  requestId: string
  speaker: Speaker
  schema?: Record<string, unknown>
}

const roles: readonly string[] = ['user', 'assistant', 'system']
/** Longer ids are no ids. Characters. */
const longestId = 256

export function bodyOf(value: unknown): Fields {
  if (isFields(value)) return value
  throw new InputRefused(`The body must be a JSON object, got ${kindOf(value)}.`)
}

/** An id that can stand in a path and in a list. */
export function idIn(body: Fields, field: string): string {
  const id = textIn(body[field])
  if (id === undefined)
    throw new InputRefused(`${field} must be a string that is not empty, got ${kindOf(body[field])}.`)
  if (isUsableId(id)) return id
  throw new InputRefused(`${field} must have at most ${longestId} characters and no control characters.`)
}

export function isUsableId(id: string): boolean {
  return id.length <= longestId && !/\p{Cc}/u.test(id)
}

/** `registerRun`. It begins now: the program's timestamp is local time of a zone that it does not tell. */
export function readRun(body: Fields, now: number): RunFacts {
  const id = idIn(body, 'id')
  const { pid } = body
  return {
    id,
    project: textIn(body.project) ?? 'unnamed',
    name: textIn(body.name) ?? id,
    startedAt: new Date(now).toISOString(),
    status: body.status === 'done' ? 'done' : 'running',
    ...(typeof pid === 'number' && Number.isInteger(pid) && { pid }),
    program: 'agentscope-python',
  }
}

/** `pushMessage`. Without a `replyName` it is v0.1.6, whose outer `name` is the reply's id and tells nobody's name. */
export function readPushed(body: Fields): Pushed {
  const { msg, speech } = body
  if (!isFields(msg)) throw new InputRefused(`msg must be an object, got ${kindOf(msg)}.`)
  const id = idIn(msg, 'id')
  const { role } = msg
  if (typeof role !== 'string' || !roles.includes(role)) {
    throw new InputRefused(`msg.role must be one of ${roles.join(', ')}, got ${wordOrKind(role)}.`)
  }
  if (typeof msg.content !== 'string' && !Array.isArray(msg.content) && msg.content !== null) {
    throw new InputRefused(`msg.content must be a string or a list of blocks, got ${kindOf(msg.content)}.`)
  }
  const name = textIn(msg.name) ?? role
  const replyId = textIn(body.replyId) ?? id
  const speaker = textIn(body.replyName) ?? name
  const metadata = isFields(msg.metadata) && Object.keys(msg.metadata).length > 0 ? msg.metadata : undefined
  return {
    speaker: { name: speaker, id: speaker },
    start: { type: 'message-start', id, role: role as Role, name, replyId },
    said: saidBlocks(msg.content),
    ...(metadata !== undefined && { metadata }),
    hasSpeech: speech !== null && speech !== undefined,
  }
}

/** `requestUserInput`. `structuredInput` is a JSON schema, or null. */
export function readAsked(body: Fields): Asked {
  const { structuredInput } = body
  if (structuredInput !== null && structuredInput !== undefined && !isFields(structuredInput)) {
    throw new InputRefused(`structuredInput must be a JSON schema or null, got ${kindOf(structuredInput)}.`)
  }
  const name = textIn(body.agentName) ?? 'User'
  const schema = fieldsOf(structuredInput)
  return {
    requestId: idIn(body, 'requestId'),
    speaker: { name, id: textIn(body.agentId) ?? name },
    ...(Object.keys(schema).length > 0 && { schema }),
  }
}
