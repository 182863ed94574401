// Parsers whose value has fields, and which of them are remembered, said and passed on beside.
import { ConfigError } from '../core/error.ts'
import { kindOf } from '../core/kind.ts'
import type { FieldReader } from './field-stream.ts'
import { Parser } from './parser.ts'
import { RequiredFieldNotFoundError } from './parsing-error.ts'

/** `true`: the whole value; `false`: nothing; a name: the value of that field; a list: an object of those fields. */
export type KeyFilter = boolean | string | readonly string[]

/** AgentScope: `keys_to_memory`, `keys_to_content`, `keys_to_metadata`. */
export interface KeyOptions {
  /** What the agent remembers of its own answer. Default `true`. */
  keysToMemory?: KeyFilter
  /** What others hear. Default `true`. */
  keysToContent?: KeyFilter
  /** What goes along with the message without being said. Default `false`. */
  keysToMetadata?: KeyFilter
}

/** Fields by name. */
export type Dict = Record<string, unknown>

/** A parser that gives an object. Its three filters serve agents: `DictDialogAgent`. */
export abstract class DictParser<Value extends object = Dict> extends Parser<Value> {
  readonly keysToMemory: KeyFilter
  readonly keysToContent: KeyFilter
  readonly keysToMetadata: KeyFilter

  /** @throws ConfigError for keys that are neither a boolean, a name nor a list of names. */
  constructor({ keysToMemory = true, keysToContent = true, keysToMetadata = false }: KeyOptions = {}) {
    super()
    this.keysToMemory = checkedKeys('keysToMemory', keysToMemory)
    this.keysToContent = checkedKeys('keysToContent', keysToContent)
    this.keysToMetadata = checkedKeys('keysToMetadata', keysToMetadata)
  }

  /** `undefined` when nothing is to be remembered. @throws RequiredFieldNotFoundError when a field is not there. */
  toMemory(parsed: Value): unknown {
    return picked(parsed, this.keysToMemory)
  }

  /** `undefined` when nothing is to be said. @throws RequiredFieldNotFoundError when a field is not there. */
  toContent(parsed: Value): unknown {
    return picked(parsed, this.keysToContent)
  }

  /** `undefined` when nothing goes along. @throws RequiredFieldNotFoundError when a field is not there. */
  toMetadata(parsed: Value): unknown {
    return picked(parsed, this.keysToMetadata)
  }

  /** Tells one field of an answer while it still grows. @throws ConfigError when this parser knows no such field. */
  abstract follow(field: string): FieldReader
}

function picked(parsed: object, keys: KeyFilter): unknown {
  if (typeof keys === 'boolean') return keys ? parsed : undefined
  const fields = parsed as Dict
  const missing = [keys].flat().filter((key) => !Object.hasOwn(fields, key))
  if (missing.length > 0) throw new RequiredFieldNotFoundError(missing, { received: JSON.stringify(parsed) })
  if (typeof keys === 'string') return fields[keys]
  return Object.fromEntries(keys.map((key) => [key, fields[key]]))
}

function checkedKeys(option: string, keys: unknown): KeyFilter {
  if (typeof keys === 'boolean' || typeof keys === 'string') return keys
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys
  throw new ConfigError(`${option} must be true, false, a field's name or a list of names, but is ${kindOf(keys)}.`)
}
