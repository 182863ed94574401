// What a memory is to an agent: what goes in, what comes out, and what of it is handed to a model.
import type { Metadata, Msg } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import type { ModelResponse } from '../models/response.ts'
import type { ChatWrapper } from '../models/wrapper.ts'

/** What may be remembered in one go; whatever is null or undefined is left out. */
export type Memorable = Msg | null | undefined | readonly (Msg | null | undefined)[]

export interface GetOptions {
  /** How many of the newest messages. Default: all. */
  recentN?: number
  /** Which of those; it is told the message and its position among them. AgentScope: `filter_func`. */
  filter?: (message: Msg, index: number) => boolean
}

/** What is known where a model is about to be asked. */
export interface RecallContext {
  /** Who is going to be asked. */
  model?: ChatWrapper
  /** What the provider counted for the call before this one. */
  usage?: Usage
  /** Stops a summary that is being made. */
  signal?: AbortSignal
  /** Asks a model for a summary and reads the answer to its end, so that it is told like any other call. Default: `model.call`. */
  ask?(model: ChatWrapper, messages: readonly Msg[]): Promise<ModelResponse>
  /** Told when messages were summarised, and when something did not go as it should. It is waited for. */
  notice?(text: string, details?: Metadata): void | Promise<void>
}

/** A memory as plain JSON. */
export type MemoryState = { messages: Msg[] }

/** What may be loaded: messages, a state, or the JSON text of either. */
export type Loadable = string | Msg | readonly Msg[] | MemoryState

export interface LoadOptions {
  /** Whether everything remembered so far is forgotten first. Default false. */
  overwrite?: boolean
}

/** What an agent needs of a memory; what is optional it uses when it is there. AgentScope: `MemoryBase`. */
export interface Memory {
  /** Remembers a message, or each of a list, in order. */
  add(messages: Memorable): void
  /** Messages, oldest first: the newest `recentN`, or all of them. The list is a copy. */
  get(options?: number | GetOptions): Msg[]
  readonly size: number
  clear(): void
  /** Forgets messages by id, or by position counted from 0; returns how many that were. */
  delete(which: string | number | readonly (string | number)[]): number
  /** What `load` takes, as plain JSON. */
  toJSON(): MemoryState
  /** Adds what was saved. */
  load(source: Loadable, options?: LoadOptions): void
  /** What to hand to a model of all that is remembered. Default: `get()`. */
  recall?(context?: RecallContext): Promise<Msg[]>
}
