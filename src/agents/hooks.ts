// Hooks: functions that are told, and may change, what goes into a reply, what is spoken and what is observed.
import { InputError } from '../core/error.ts'
import { isFields, kindOf, shapeOf } from '../core/kind.ts'
import type { Msg } from '../core/message.ts'
import { didYouMean } from '../core/spelling.ts'
import type { AgentBase, ReplyOptions } from './agent.ts'

type Returned<Value> = Value | undefined | Promise<Value | undefined> | Promise<void> | void

/** What `reply` is about to be given. */
export interface ReplyArguments {
  x: Msg | readonly Msg[] | undefined
  options: ReplyOptions
}

/** `stream` says that the message arrives in pieces; `last` that this is all of it. */
export interface SpeakMoment {
  stream: boolean
  last: boolean
}

/**
 * The six kinds of hooks. Each gets a copy of its own; what it returns takes the place of what it got, also for the next
 * hook, and nothing returned changes nothing. AgentScope: `AgentBase` hooks.
 */
export interface Hooks {
  pre_reply(agent: AgentBase, given: ReplyArguments): Returned<ReplyArguments>
  post_reply(agent: AgentBase, given: ReplyArguments, output: Msg): Returned<Msg>
  /** Told of every piece, always with the message's one id; what it returns is what is shown. */
  pre_speak(agent: AgentBase, message: Msg, moment: SpeakMoment): Returned<Msg>
  post_speak(agent: AgentBase): void | Promise<void>
  pre_observe(agent: AgentBase, messages: readonly Msg[]): Returned<Msg | readonly Msg[]>
  post_observe(agent: AgentBase): void | Promise<void>
}

/** `pre_reply`, `post_reply`, `pre_speak`, `post_speak`, `pre_observe`, `post_observe`: AgentScope's names. */
export type HookType = keyof Hooks

const hookTypes: readonly HookType[] = [
  'pre_reply',
  'post_reply',
  'pre_speak',
  'post_speak',
  'pre_observe',
  'post_observe',
]

/** The hooks of one object or of one class, by type and name. */
export class HookTable {
  readonly #tables = new Map<HookType, Map<string, unknown>>()

  /** A hook of the same name is replaced in its place. @throws InputError for an unknown type, or what is no function. */
  register<Type extends HookType>(type: Type, name: string, hook: Hooks[Type]): void {
    checkType(type)
    if (typeof hook !== 'function') throw new InputError(`The hook ${name} must be a function, but is ${kindOf(hook)}.`)
    const table = this.#tables.get(type) ?? new Map<string, unknown>()
    this.#tables.set(type, table.set(name, hook))
  }

  /** Whether there was one. */
  remove(type: HookType, name: string): boolean {
    checkType(type)
    return this.#tables.get(type)?.delete(name) ?? false
  }

  /** All of a type, or all there are. */
  clear(type?: HookType): void {
    if (type === undefined) return this.#tables.clear()
    checkType(type)
    this.#tables.delete(type)
  }

  of<Type extends HookType>(type: Type): Hooks[Type][] {
    return [...(this.#tables.get(type)?.values() ?? [])] as Hooks[Type][]
  }
}

const classTables = new WeakMap<object, HookTable>()

/** The hooks that were registered on this very class. */
export function classHooks(owner: object): HookTable {
  const table = classTables.get(owner) ?? new HookTable()
  classTables.set(owner, table)
  return table
}

/** What runs for an agent: its own hooks, then those of its class, then those of the classes above. */
export function hooksFor<Type extends HookType>(agent: AgentBase, own: HookTable, type: Type): Hooks[Type][] {
  const hooks = own.of(type)
  for (let owner: object | null = agent.constructor; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const table = classTables.get(owner)
    if (table !== undefined) hooks.push(...table.of(type))
  }
  return hooks
}

/** Runs the hooks before a reply; each gets what the one before it made of the arguments. */
export async function beforeReply(agent: AgentBase, own: HookTable, given: ReplyArguments): Promise<ReplyArguments> {
  let current = given
  for (const hook of hooksFor(agent, own, 'pre_reply')) {
    const returned = (await hook(agent, copyOfArguments(current))) ?? undefined
    if (returned === undefined) continue
    const isRight = isFields(returned) && isFields(returned.options) && areMessages(returned.x)
    if (!isRight) throw wrongReturn('pre_reply', '{ x, options }, with a message or several in x', returned)
    current = returned
  }
  return current
}

export async function afterReply(agent: AgentBase, own: HookTable, given: ReplyArguments, output: Msg): Promise<Msg> {
  let current = output
  for (const hook of hooksFor(agent, own, 'post_reply')) {
    const returned = (await hook(agent, copyOfArguments(given), copyOf(current))) ?? undefined
    if (returned !== undefined) current = checkedMessage('post_reply', returned)
  }
  return current
}

/** What the hooks before observing make of the messages. */
export async function beforeObserve(
  agent: AgentBase,
  hooks: readonly Hooks['pre_observe'][],
  messages: readonly Msg[],
): Promise<readonly Msg[]> {
  let current = messages
  for (const hook of hooks) {
    const returned = (await hook(agent, copyOf(current))) ?? undefined
    if (returned !== undefined && !areMessages(returned)) throw wrongReturn('pre_observe', 'messages', returned)
    if (returned !== undefined) current = [returned].flat()
  }
  return current
}

/** The message that a hook returned. @throws InputError when it is none. */
export function checkedMessage(type: HookType, returned: unknown): Msg {
  if (isMessage(returned)) return returned
  throw wrongReturn(type, 'a message', returned)
}

function wrongReturn(type: HookType, expected: string, returned: unknown): InputError {
  return new InputError(`A ${type} hook returned ${shapeOf(returned)}; it may return ${expected}, or nothing.`)
}

function areMessages(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) ? value.every(isMessage) : isMessage(value))
}

function isMessage(value: unknown): value is Msg {
  if (!isFields(value) || typeof value['name'] !== 'string') return false
  return typeof value['content'] === 'string' || Array.isArray(value['content'])
}

/** The message may be changed at will; a schema is code, and stays what it is. */
function copyOfArguments({ x, options }: ReplyArguments): ReplyArguments {
  return { x: copyOf(x), options: { ...options } }
}

/** A copy that may be changed at will. */
export function copyOf<Value>(value: Value): Value {
  return structuredClone(value)
}

function checkType(type: string): void {
  if ((hookTypes as readonly string[]).includes(type)) return
  throw new InputError(`There is no hook type ${JSON.stringify(type)}.${didYouMean(type, hookTypes)}`, {
    advice: `The types are ${hookTypes.join(', ')}.`,
  })
}
