// A room in which everybody hears what anybody answers. AgentScope: `msghub`.
import type { Listener } from '../agents/index.ts'
import { InputError } from '../core/error.ts'
import { kindOf } from '../core/kind.ts'
import { Msg } from '../core/message.ts'

/** Whoever can be in a hub: an agent. The key tells apart the audiences that an agent has in several hubs. */
export interface Participant extends Listener {
  readonly name: string
  resetAudience(listeners: readonly Listener[], key?: unknown): void
  clearAudience(key?: unknown): void
}

/** What is told to everybody. A string is said by the hub itself, as a message of role `user`. */
export type Announcement = string | Msg | readonly Msg[]

export interface MsgHubOptions {
  /** Observed by everybody, at once. */
  announcement?: Announcement
  /** Who says what the hub itself says; also in errors. Default `host`. */
  name?: string
}

/**
 * While it is open, every answer of a participant (of `call` and of `stream`) is observed by the others, whole, when it
 * is finished. Participants may speak at the same time. An agent in two hubs is heard in both, and whoever shares both
 * with it hears it once. It is opened by `msghub` and must be closed: `await using`, the callback form, or `close()`.
 */
export class MsgHub implements AsyncDisposable {
  readonly name: string
  readonly #participants = new Set<Participant>()
  #closed = false

  constructor(participants: Iterable<Participant>, options: MsgHubOptions = {}) {
    this.name = options.name ?? 'host'
    this.add(participants)
  }

  /** Who is in it now, in the order in which they came. */
  get participants(): Participant[] {
    return [...this.#participants]
  }

  /**
   * From now on they are heard and hear; what was said before they are not told. Whoever is in it already stays where
   * it is.
   *
   * @throws InputError for what is no agent (then nobody is added), or when the hub is closed.
   */
  add(participants: Participant | Iterable<Participant>): void {
    this.#assertOpen()
    const wanted = listOf(participants)
    for (const each of wanted) assertParticipant(each, this.name)
    for (const each of wanted) this.#participants.add(each)
    this.#seat()
  }

  /** From now on they neither hear nor are heard here. Returns how many of them were in it. */
  delete(participants: Participant | Iterable<Participant>): number {
    this.#assertOpen()
    let left = 0
    for (const each of listOf(participants)) {
      if (!this.#participants.delete(each)) continue
      each.clearAudience(this)
      left += 1
    }
    this.#seat()
    return left
  }

  /**
   * Everybody observes it. Resolves when all have.
   *
   * @throws InputError when the hub is closed; what the first of them threw that could not take it, after all were told.
   */
  async broadcast(announcement: Announcement): Promise<void> {
    this.#assertOpen()
    const said = typeof announcement === 'string' ? new Msg(this.name, announcement, 'user') : announcement
    const told = await Promise.allSettled(this.participants.map(async (each) => each.observe(said)))
    const failed = told.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /** Everybody leaves. Audiences that they have elsewhere stay. Closing twice is no error. */
  async close(): Promise<void> {
    this.#closed = true
    for (const each of this.#participants) each.clearAudience(this)
    this.#participants.clear()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Each speaks to all; an agent leaves itself out of its audience. */
  #seat(): void {
    const everybody = this.participants
    for (const each of everybody) each.resetAudience(everybody, this)
  }

  #assertOpen(): void {
    if (!this.#closed) return
    throw new InputError(`The hub ${JSON.stringify(this.name)} is closed: nobody is in it any more.`, {
      advice: 'Open another one: await msghub(participants).',
    })
  }
}

/**
 * Opens a hub, and has everybody observe the announcement. With `use` the hub is open while that runs and closed
 * whatever becomes of it; without, whoever asked for it closes it.
 *
 * ```ts
 * await using hub = await msghub([alice, bob], { announcement: 'The night begins.' })
 * const answer = await msghub([alice, bob], async () => bob.call(await alice.call()))
 * ```
 *
 * @throws InputError for what is no agent; whatever `use` throws.
 */
export function msghub<Value>(
  participants: Iterable<Participant>,
  options: MsgHubOptions,
  use: (hub: MsgHub) => Value | Promise<Value>,
): Promise<Value>
export function msghub<Value>(
  participants: Iterable<Participant>,
  use: (hub: MsgHub) => Value | Promise<Value>,
): Promise<Value>
export function msghub(participants: Iterable<Participant>, options?: MsgHubOptions): Promise<MsgHub>
export async function msghub(
  participants: Iterable<Participant>,
  written: MsgHubOptions | ((hub: MsgHub) => unknown) = {},
  also?: (hub: MsgHub) => unknown,
): Promise<unknown> {
  const [options, use] = typeof written === 'function' ? [{}, written] : [written, also]
  const hub = await opened(participants, options)
  if (use === undefined) return hub
  try {
    return await use(hub)
  } finally {
    await hub.close()
  }
}

async function opened(participants: Iterable<Participant>, options: MsgHubOptions): Promise<MsgHub> {
  const hub = new MsgHub(participants, options)
  try {
    if (options.announcement !== undefined) await hub.broadcast(options.announcement)
    return hub
  } catch (error) {
    await hub.close()
    throw error
  }
}

function listOf(participants: Participant | Iterable<Participant>): Participant[] {
  return Symbol.iterator in Object(participants)
    ? [...(participants as Iterable<Participant>)]
    : [participants as Participant]
}

function assertParticipant(participant: Partial<Participant> | null, hub: string): void {
  const methods = [participant?.observe, participant?.resetAudience, participant?.clearAudience]
  if (methods.every((method) => typeof method === 'function')) return
  throw new InputError(`Only agents can be in the hub ${JSON.stringify(hub)}, but it was given ${kindOf(participant)}.`)
}
