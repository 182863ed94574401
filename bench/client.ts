// What every client of the bench is, whoever wrote it: something that asks once and tells what it hears.
import type { Wire } from './frames.ts'

/** Hears one piece. A promise means: wait for it, then leave the loop. */
export type Hear = (piece: string) => Promise<void> | undefined
/** The same for a value that grows; `value` is what is known of it now. */
export type Watch = (value: unknown) => void

/** Asks once, and resolves when the reply is over or was left. */
export type Ask<Heard> = (heard: Heard) => Promise<unknown>
/** Opens a client on an address; what that costs is not measured. */
export type Open<Heard> = (baseUrl: string) => Ask<Heard> | Promise<Ask<Heard>>

export interface Client {
  /** Text on the wires that it speaks, the way its documentation shows first. */
  readonly text: Readonly<Partial<Record<Wire, Open<Hear>>>>
  /** The input of a tool call on OpenAI's wire: its value so far after every delta. */
  readonly calls?: Open<Watch>
  /** A structured answer on OpenAI's wire: its value so far after every delta. */
  readonly values?: Open<Watch>
}

export const messages = [{ role: 'user' as const, content: 'Say something long.' }]
export const question = 'Say something long.'
export const apiKey = 'no-key-for-loopback'
export const model = 'bench'

/** The one tool, and the one shape of an answer. */
export const writeSchema = {
  type: 'object' as const,
  properties: { path: { type: 'string' as const }, content: { type: 'string' as const } },
  required: ['path', 'content'],
  additionalProperties: false as const,
}
