// Puts tool calls together from the fragments that OpenAI-like wires send, by the rules that servers really follow.
import { isWholeJson } from '../core/json.ts'
import type { EventWriter } from '../core/writer.ts'
import { jsonOf } from './values.ts'

export interface ToolCallFragment {
  index?: number | undefined
  id?: string | undefined
  name?: string | undefined
  /** Text to append, or the whole input as an object. */
  input?: unknown
  signature?: string | undefined
}

interface OpenCall {
  ordinal: number
  id: string | undefined
  index: number | undefined
  name: string
  /** Argument text so far, without what is held. */
  raw: string
  /** `{` or `{}`: may yet be replaced by the real object (gateways in front of Bedrock send `{}` first). */
  held: string
  /** The writer's handle, once the call has been announced. */
  handle: number | undefined
  signature: string | undefined
  /** Levels that the argument text has open, as far as it came; kept for calls without an index. */
  nesting: Nesting
}

interface Nesting {
  depth: number
  inString: boolean
  escaped: boolean
}

/**
 * Assembles calls keyed by id, else index, else the one that is open. A call is announced when its name is whole (with
 * its first argument text, or when something else follows); ids are minted when the wire has none.
 */
export class ToolCallAssembler {
  readonly #writer: EventWriter
  readonly #mintId: (ordinal: number) => string
  readonly #calls: OpenCall[] = []
  readonly #byId = new Map<string, OpenCall>()
  readonly #byIndex = new Map<number, OpenCall>()
  /** Calls that have not been announced yet. */
  #unannounced = 0

  constructor(writer: EventWriter, mintId: (ordinal: number) => string) {
    this.#writer = writer
    this.#mintId = mintId
  }

  /** Takes the fragments of one frame: without an id or an index, two that name a tool there are two calls. */
  add(fragments: readonly ToolCallFragment[]): void {
    let touched: Set<OpenCall> | undefined
    for (const fragment of fragments) {
      if (saysNothing(fragment)) continue
      let call = this.#find(fragment)
      if (call === undefined || (touched?.has(call) && isAnother(fragment))) call = this.#create(fragment)
      this.#learn(call, fragment)
      this.#append(call, fragment)
      if (call.handle === undefined && call.raw !== '' && call.name !== '') this.#announce(call)
      if (fragments.length > 1) touched = (touched ?? new Set()).add(call)
    }
  }

  /** Announces named calls that wait for arguments: something else is about to be said. */
  settle(): void {
    if (this.#unannounced === 0) return
    for (const call of this.#calls) if (call.name !== '') this.#announce(call)
  }

  /**
   * Seals every call. `whole` says that the wire was done, so that a call without argument text takes none.
   * Returns whether each call's JSON closed.
   */
  finish(whole: boolean): boolean {
    let allClosed = true
    for (const call of this.#calls) {
      if (call.name === '' && call.raw === '' && call.held === '') continue
      this.#release(call)
      this.#announce(call)
      const closed = call.raw.trim() === '' ? whole : isWholeJson(call.raw)
      allClosed &&= closed
      this.#writer.endToolUse(call.handle as number, { incomplete: !closed, signature: call.signature })
    }
    return allClosed
  }

  #find({ index, id, name, input }: ToolCallFragment): OpenCall | undefined {
    const byId = id === undefined ? undefined : this.#byId.get(id)
    if (byId !== undefined) return byId
    const last = this.#calls.at(-1)
    const atIndex = index === undefined ? undefined : this.#byIndex.get(index)
    const candidate = atIndex ?? (index === undefined || name === undefined ? last : undefined)
    if (candidate === undefined) return undefined
    if (id !== undefined && candidate.id !== undefined) return name === undefined && atIndex ? candidate : undefined
    if (id !== undefined && atIndex === undefined) return undefined
    if (name !== undefined) return beginsAnew(candidate, name, input) ? undefined : candidate
    return atIndex !== undefined || !isClosed(candidate) ? candidate : undefined
  }

  #create({ index, id }: ToolCallFragment): OpenCall {
    const ordinal = this.#calls.length
    const call: OpenCall = {
      ordinal,
      id,
      index,
      name: '',
      raw: '',
      held: '',
      handle: undefined,
      signature: undefined,
      nesting: { depth: 0, inString: false, escaped: false },
    }
    this.#calls.push(call)
    this.#unannounced += 1
    return call
  }

  #learn(call: OpenCall, { index, id, name, signature }: ToolCallFragment): void {
    if (index !== undefined) this.#byIndex.set(index, call)
    if (id !== undefined) {
      if (call.handle === undefined) call.id ??= id
      this.#byId.set(id, call)
    }
    if (signature !== undefined) call.signature = signature
    if (name === undefined || name === call.name || call.handle !== undefined) return
    // A name may come in pieces, or grow cumulatively, before the arguments begin.
    call.name = name.startsWith(call.name) ? name : call.name + name
  }

  #append(call: OpenCall, fragment: ToolCallFragment): void {
    const text = argumentText(call, fragment)
    if (text === '') return
    // `{` or `{}` and then another `{`: no JSON goes on like that, so the later text is the real object.
    const piece = call.held !== '' && text.trimStart().startsWith('{') ? text : call.held + text
    const shape = call.raw === '' ? piece.trim() : ''
    if (shape === '{' || shape === '{}') {
      call.held = piece
      return
    }
    call.held = ''
    call.raw += piece
    if (call.index === undefined) follow(call.nesting, piece)
    if (call.handle !== undefined) this.#writer.toolUseDelta(call.handle, piece)
  }

  #release(call: OpenCall): void {
    const held = call.held
    call.held = ''
    call.raw += held
    if (call.handle !== undefined) this.#writer.toolUseDelta(call.handle, held)
  }

  /** Announces the call, and before it the earlier ones, so that blocks stand in the order in which calls came. */
  #announce(call: OpenCall): void {
    if (call.handle !== undefined) return
    for (const earlier of this.#calls) {
      if (earlier === call) break
      if (earlier.handle === undefined && earlier.name !== '') this.#begin(earlier)
    }
    this.#begin(call)
  }

  #begin(call: OpenCall): void {
    call.id ??= this.#mintId(call.ordinal)
    call.handle = this.#writer.beginToolUse(call.id, call.name)
    this.#unannounced -= 1
    this.#writer.toolUseDelta(call.handle, call.raw)
  }
}

/**
 * The text that a fragment adds. An object is written out once. A fragment that repeats the name and all the text so far
 * is a snapshot and adds only what is new.
 */
function argumentText(call: OpenCall, { name, input }: ToolCallFragment): string {
  if (input === undefined || input === null) return ''
  if (typeof input === 'number' && call.raw !== '') return String(input)
  if (typeof input !== 'string') return call.raw === '' ? jsonOf(input) : ''
  const known = call.raw
  const repeats = name !== undefined && known.length > 1 && known.startsWith('{') && input.startsWith(known)
  return repeats ? input.slice(known.length) : input
}

function saysNothing({ id, name, input }: ToolCallFragment): boolean {
  return id === undefined && name === undefined && (input === undefined || input === null || input === '')
}

function isAnother({ index, id, name }: ToolCallFragment): boolean {
  return index === undefined && id === undefined && name !== undefined
}

/** Whether a fragment that repeats a place (same index, or none) is a new call and not more of the one that is there. */
function beginsAnew(call: OpenCall, name: string, input: unknown): boolean {
  const begun = call.raw !== '' || call.held !== ''
  if (call.name === '') return false
  if (name !== call.name) return begun
  if (!begun || call.held !== '') return false
  if (typeof input === 'string' && !input.trimStart().startsWith('{')) return false
  return input !== undefined && input !== null && isClosed(call)
}

/** Whether the arguments are whole. Without an index that is asked at every fragment, so most answers must cost nothing. */
function isClosed(call: OpenCall): boolean {
  if (call.index === undefined && (call.nesting.depth > 0 || call.nesting.inString)) return false
  return call.raw.trimEnd().endsWith('}') && isWholeJson(call.raw)
}

/** Follows a piece of JSON text: each character is looked at once. */
function follow(nesting: Nesting, piece: string): void {
  for (let at = 0; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at)
    if (nesting.escaped) nesting.escaped = false
    else if (code === 0x22) nesting.inString = !nesting.inString
    else if (nesting.inString) nesting.escaped = code === 0x5c
    else if (code === 0x7b || code === 0x5b) nesting.depth += 1
    else if (code === 0x7d || code === 0x5d) nesting.depth -= 1
  }
}

/** A minted id: the same for the same reply and place, within every provider's limits on length and letters. */
export function mintedId(seed: string, ordinal: number): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < seed.length; at += 1) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193)
  return `call_${(hash >>> 0).toString(16).padStart(8, '0')}_${ordinal}`
}
