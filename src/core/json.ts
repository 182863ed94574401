// JSON as models write it: the value of a whole text, and the one safe repair.
import { isFields } from './kind.ts'
import { parsePlainJson } from './plain-json.ts'

/**
 * The value of a tool call's argument text, or `undefined` when the text is not whole JSON (cut off, not JSON at all).
 * No text, only whitespace, and `null` mean a call without arguments: `{}`. A text that fails is repaired once
 * (`repairJson`). A string that holds the text of a JSON object, as some servers encode their arguments twice, gives
 * that object; any other value is returned as it is.
 */
export function parseToolInput(raw: string): unknown {
  if (raw.trim() === '') return {}
  const value = parseRepaired(raw)
  if (value === null) return {}
  if (typeof value !== 'string') return value
  const inner = parseRepaired(value)
  return isFields(inner) ? inner : value
}

/** Whether the text is exactly one whole JSON value, as it is or after the safe repair. An empty text is not. */
export function isWholeJson(text: string): boolean {
  return parseRepaired(text) !== undefined
}

/**
 * The safe repair: inside strings, raw control characters are escaped and backslashes that begin no JSON escape are
 * doubled. It never opens or closes anything, so a text that was cut off stays cut off; an escape that is only begun at
 * the very end is left alone. A text without such faults comes back unchanged.
 */
export function repairJson(text: string): string {
  let repaired = ''
  let copied = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x22) inString = !inString
    if (!inString || (code !== 0x5c && code >= 0x20)) continue
    const escapeLength = code === 0x5c ? lengthOfEscape(text, at) : 0
    if (escapeLength > 0) {
      at += escapeLength - 1
      continue
    }
    repaired += text.slice(copied, at) + (code === 0x5c ? '\\\\' : escapeOf(code))
    copied = at + 1
  }
  return copied === 0 ? text : repaired + text.slice(copied)
}

const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(?:u[0-9a-fA-F]{0,3})?$)/y

function lengthOfEscape(text: string, at: number): number {
  escapePattern.lastIndex = at
  return escapePattern.exec(text)?.[0].length ?? 0
}

function escapeOf(controlCode: number): string {
  if (controlCode === 0x09) return '\\t'
  if (controlCode === 0x0a) return '\\n'
  return JSON.stringify(String.fromCharCode(controlCode)).slice(1, -1)
}

/** The value of a whole JSON text, if need be after the repair; `undefined`, which no JSON text means, otherwise. */
export function parseRepaired(text: string): unknown {
  const value = parse(text)
  if (value !== undefined) return value
  const repaired = repairJson(text)
  return repaired === text ? undefined : parse(repaired)
}

function parse(text: string): unknown {
  try {
    return parsePlainJson(text)
  } catch {
    return undefined
  }
}
