// The lines of a cassette, and the check of one that was read.
import { ConfigError } from '../core/error.ts'
import { isFields } from './value.ts'

/** Bytes: as `text` when they are valid UTF-8, else as `base64`; neither when there are none. */
export interface LineBytes {
  text?: string
  base64?: string
}

/** What one line of the file is. Every line but the first and the last belongs to an exchange, counted from 1. */
export type CassetteLine =
  | { type: 'cassette'; version: number; recordedAt?: string }
  | ({
      type: 'request'
      exchange: number
      atMs: number
      method: string
      url: string
      headers: Readonly<Record<string, string>>
    } & LineBytes)
  | {
      type: 'response'
      exchange: number
      atMs: number
      status: number
      headers: Readonly<Record<string, string>>
    }
  | ({ type: 'piece'; exchange: number; atMs: number } & LineBytes)
  | {
      type: 'end'
      exchange: number
      atMs: number
      how: 'complete' | 'broken' | 'left' | 'silent'
      message?: string
      code?: string
    }
  | { type: 'close' }

type FieldCheck = (value: unknown) => boolean

const isText: FieldCheck = (value) => typeof value === 'string'
const mayBeText: FieldCheck = (value) => value === undefined || isText(value)
const isTime: FieldCheck = (value) => typeof value === 'number' && value >= 0 && Number.isFinite(value)
const isCount: FieldCheck = (value) => Number.isInteger(value) && (value as number) > 0
const isStatus: FieldCheck = (value) => Number.isInteger(value) && (value as number) >= 200 && (value as number) < 600
const areHeaders: FieldCheck = (value) => isFields(value) && Object.values(value).every(isText) && fitHeaders(value)
const isEnding: FieldCheck = (value) => ['complete', 'broken', 'left', 'silent'].includes(value as string)
const isBase64: FieldCheck = (value) => value === undefined || (isText(value) && /^[\w+/=]*$/.test(value as string))

const bytes = { text: mayBeText, base64: isBase64 }
const inExchange = { exchange: isCount, atMs: isTime }

const known: Readonly<Record<string, Readonly<Record<string, FieldCheck>>>> = {
  cassette: { version: isCount, recordedAt: mayBeText },
  request: {
    ...inExchange,
    method: isText,
    url: (value) => isText(value) && URL.canParse(value as string),
    headers: areHeaders,
    ...bytes,
  },
  response: { ...inExchange, status: isStatus, headers: areHeaders },
  piece: { ...inExchange, ...bytes },
  end: { ...inExchange, how: isEnding, message: mayBeText, code: mayBeText },
  close: {},
}

/** The newest version that is understood. */
const newest = 1

/** The line, checked; `undefined` for one of an unknown type. Throws what is wrong with it. */
export function checkLine(value: unknown, isFirst: boolean): CassetteLine | undefined {
  const type = isFields(value) ? value['type'] : undefined
  if (!isFields(value) || typeof type !== 'string') throw new ConfigError('it is no object with a type.')
  if (isFirst !== (type === 'cassette')) throw new ConfigError('exactly the first line has the type "cassette".')
  const checks = Object.hasOwn(known, type) ? known[type] : undefined
  if (checks === undefined) return undefined
  for (const [name, isRight] of Object.entries(checks)) {
    if (!isRight(value[name]))
      throw new ConfigError(`its field ${name} is ${value[name] === undefined ? 'missing' : 'wrong'}.`)
  }
  if (type === 'cassette' && (value['version'] as number) > newest) {
    throw new ConfigError(`it is of version ${value['version']}; this agentscope reads up to ${newest}.`)
  }
  return value as unknown as CassetteLine
}

function fitHeaders(value: Record<string, unknown>): boolean {
  try {
    return new Headers(value as Record<string, string>) !== undefined
  } catch {
    return false
  }
}
