// One message in the terminal: its events become text, at its own pace if wanted, and it waits for its turn.
import type { Notice, StreamEvent } from '../core/event.ts'
import { isPassing, Lane } from './lane.ts'
import { Pacer, type PacingOptions } from './pacer.ts'
import { Rendering } from './rendering.ts'
import type { Stage } from './stage.ts'
import type { Style } from './style.ts'
import type { Turn } from './turn.ts'
import { UsageWatch } from './usage-line.ts'

export interface Looks {
  style: Style
  thinking: boolean
  /** Whether it is seen while others speak, and passing news are shown only as long as they are true. */
  lanes: boolean
  pacing: PacingOptions | undefined
  usage: boolean
}

const progressMs = 1000

export class MessageTurn implements Turn {
  readonly kind = 'message'
  readonly owner: object
  held = ''
  over = false
  shown = false
  heardAt: number
  readonly isPatient: boolean
  readonly keepsBack: boolean
  readonly lane: Lane | undefined
  readonly #stage: Stage
  readonly #looks: Looks
  readonly #rendering: Rendering
  readonly #pacer: Pacer | undefined
  readonly #usage: UsageWatch | undefined
  #progressAt = Number.NEGATIVE_INFINITY

  constructor(owner: object, stage: Stage, looks: Looks, isPatient: boolean) {
    const { style, thinking, lanes, pacing, usage } = looks
    this.owner = owner
    this.heardAt = stage.clock.now()
    this.isPatient = isPatient
    this.keepsBack = lanes || pacing !== undefined
    this.lane = lanes ? new Lane(style, thinking) : undefined
    this.#stage = stage
    this.#looks = looks
    this.#rendering = new Rendering({ style, thinking, tells: (kind) => this.#tells(kind) })
    if (usage) this.#usage = new UsageWatch(stage.clock.now)
    if (pacing === undefined) return
    const show = (event: StreamEvent) => void stage.say(this, this.#render(event))
    this.#pacer = new Pacer({ ...pacing, clock: stage.clock, show })
  }

  /** Returns a promise when the reader of the output is behind. */
  hear(event: StreamEvent): void | Promise<void> {
    this.lane?.hear(event)
    this.#usage?.hear(event)
    this.heardAt = this.#stage.clock.now()
    if (this.#pacer !== undefined && this.#stage.isCurrent(this)) {
      this.#pacer.hear(event)
      return this.#stage.output.waiting
    }
    return this.#stage.say(this, this.#rest() + this.#render(event))
  }

  interrupt(): string {
    return this.#rest() + (this.over ? '' : this.#rendering.interrupt())
  }

  breakOff(): string {
    return this.#rest() + (this.over ? '' : this.#rendering.breakOff())
  }

  /** Where nothing can be taken back, how far a tool is gets a line a second, and not one for each of its steps. */
  #tells(kind: Notice['kind']): boolean {
    if (!isPassing(kind)) return true
    const now = this.#stage.clock.now()
    if (this.lane !== undefined || (kind === 'progress' && now - this.#progressAt < progressMs)) return false
    if (kind === 'progress') this.#progressAt = now
    return true
  }

  /** What is held back for pacing. */
  #rest(): string {
    return (this.#pacer?.flush() ?? []).map((event) => this.#render(event)).join('')
  }

  #render(event: StreamEvent): string {
    const text = this.#rendering.render(event)
    if (event.type !== 'message-end') return text
    this.over = true
    const line = this.#usage?.line(event)
    return line === undefined ? text : `${text}${this.#looks.style.dim(line)}\n`
  }
}
