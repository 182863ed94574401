// The screen of one output, however many terminals write to it: who flows down it, and who is seen below meanwhile.
import { realClock, type TerminalClock } from './clock.ts'
import { ExitGuard } from './exit-guard.ts'
import { Frames } from './frames.ts'
import { LiveArea } from './live-area.ts'
import { nextTurn, patienceMs, yields } from './order.ts'
import { type Output, type OutputStream, outputOf } from './output.ts'
import { rowsOf, type ScreenSize } from './rows.ts'
import { isQuiet, isSpeaking, type Turn } from './turn.ts'
import { fitEnd } from './width.ts'

const stages = new WeakMap<OutputStream, Stage>()

/** The one stage of an output. The clock is that of whoever comes first. */
export function stageOf(stream: OutputStream, clock: TerminalClock = realClock): Stage {
  const stage = stages.get(stream) ?? new Stage(outputOf(stream), clock)
  stages.set(stream, stage)
  return stage
}

/**
 * Gives the screen to one turn at a time. Its text is written as it comes; when others speak meanwhile, text and lanes
 * are drawn together, at most 30 times a second. Every method that shows something returns a promise when the reader is
 * behind. It is one file because whose turn it is and what is drawn change together.
 */
export class Stage {
  readonly output: Output
  readonly clock: TerminalClock
  readonly #live = new LiveArea()
  readonly #frames: Frames
  readonly #guard = new ExitGuard(() => this.#leave())
  #turns: Turn[] = []
  #current: Turn | undefined
  /** Text for the next frame. */
  #pending = ''
  #cancelPatience: (() => void) | undefined
  /** Rows that belong to nobody who speaks. */
  #below: readonly string[] = []

  constructor(output: Output, clock: TerminalClock) {
    this.output = output
    this.clock = clock
    this.#frames = new Frames(output, clock, () => this.#frame())
  }

  join(turn: Turn): void {
    this.#turns.push(turn)
  }

  /** Whether what this one says is written as it comes. */
  isCurrent(turn: Turn): boolean {
    return this.#current === turn
  }

  say(turn: Turn, text: string): void | Promise<void> {
    turn.held += text
    turn.heardAt = this.clock.now()
    return this.advance()
  }

  /** Writes whatever may be shown now. */
  advance(): void | Promise<void> {
    let text = ''
    for (let turn = this.#next(); turn !== undefined; turn = this.#next()) {
      if (this.#current !== undefined && this.#current !== turn && this.#turns.includes(this.#current)) {
        text += this.#current.interrupt?.() ?? ''
      }
      this.#current = turn
      if (turn.held !== '') turn.shown = true
      text += turn.held
      turn.held = ''
      if (!turn.over) break
      this.#remove(turn)
    }
    return this.#put(text)
  }

  /** From now on these rows stand below all others: a line that is being typed. It takes a screen that can be redrawn. */
  below(rows: readonly string[]): void {
    this.#below = rows
    this.#frames.want()
  }

  /** The turn wants nothing any more. */
  leave(turn: Turn): void | Promise<void> {
    turn.over = true
    if (turn !== this.#current && turn.held === '') this.#turns = this.#turns.filter((each) => each !== turn)
    return this.advance()
  }

  /** Ends the messages of a terminal that will hear no more; what they said so far is shown. */
  end(owner: object): void {
    for (const turn of this.#turns) if (turn.owner === owner && turn.kind === 'message') this.#giveUp(turn)
    void this.advance()
    this.#frame()
  }

  #next(): Turn | undefined {
    const now = this.clock.now()
    const messages = this.#turns.filter(({ kind }) => kind === 'message')
    const lanes = messages.every(({ lane }) => lane !== undefined)
    const next = nextTurn({ turns: this.#turns, current: this.#current, lanes, now })
    if (next === undefined) this.#current = undefined
    return next
  }

  #remove(turn: Turn): void {
    this.#turns = this.#turns.filter((each) => each !== turn)
    this.#current = undefined
    if (turn.kind === 'question') this.#live.freshLine()
  }

  #giveUp(turn: Turn): void {
    if (turn.over) return
    turn.held += turn.breakOff?.() ?? ''
    turn.over = true
  }

  #put(text: string): void | Promise<void> {
    this.#pending += text
    this.#watchPatience()
    const begins = this.#current?.begin
    // A question wants the screen as it is to be, and so does whatever the program does when nobody speaks any more.
    if (begins !== undefined || !this.#turns.some(isSpeaking) || !(this.#live.isShown || this.#hasRows())) {
      this.#frame()
    } else this.#frames.want()
    if (this.#current !== undefined && begins !== undefined) {
      delete this.#current.begin
      queueMicrotask(begins)
    }
    return this.output.waiting
  }

  #frame(): void {
    const isWanted = this.#hasRows()
    const seen = isWanted ? this.#laneTurns() : []
    const size = this.#size
    const below = isWanted ? this.#below.map((row) => fitEnd(row, size.columns - 1)) : []
    const lanes = seen.flatMap(({ lane }) => lane ?? [])
    const rows = [...rowsOf(lanes, { ...size, rows: size.rows - below.length }), ...below]
    const wasShown = this.#live.isShown
    const frame = this.#live.frame(this.#pending, rows, size.columns)
    this.#pending = ''
    // A signal may come as soon as the rows are seen, and as long as they are.
    if (this.#live.isShown) this.#watch(wasShown)
    void this.output.write(frame)
    if (!this.#live.isShown) this.#watch(wasShown)
    this.#frames.drawn(wasShown || rows.length > 0)
  }

  #watch(wasShown: boolean): void {
    const { isShown } = this.#live
    const unfinished = this.#turns.some(({ keepsBack, over }) => keepsBack && !over)
    this.#guard.watch(unfinished || isShown, isShown)
    if (isShown && !wasShown) this.output.stream.on('resize', this.#resized)
    if (!isShown && wasShown) this.output.stream.off('resize', this.#resized)
  }

  readonly #resized = () => {
    this.#live.resized(this.#size.columns)
    if (this.#live.isShown) this.#frames.want()
  }

  get #size(): ScreenSize {
    const { columns, rows } = this.output.stream
    // A pseudo-terminal that nobody gave a size says 0.
    return { columns: columns || 80, rows: rows || 24 }
  }

  #hasRows(): boolean {
    const isWanted = this.#below.length > 0 || this.#turns.some((turn) => this.#hasRow(turn))
    return this.#current?.kind !== 'question' && isWanted
  }

  #hasRow(turn: Turn): boolean {
    if (turn.kind !== 'message' || turn.lane === undefined) return false
    return turn.lane.hasNews || (turn !== this.#current && !isQuiet(turn))
  }

  /** Those that still speak first: when there is no room for all, they are what one wants to see. */
  #laneTurns(): Turn[] {
    const seen = this.#turns.filter((turn) => this.#hasRow(turn))
    return [...seen.filter(({ over }) => !over), ...seen.filter(({ over }) => over)]
  }

  /** A question that waits for a message looks again when that has been silent for too long. */
  #watchPatience(): void {
    this.#cancelPatience?.()
    this.#cancelPatience = undefined
    const { clock } = this
    const current = this.#current
    if (current === undefined || !isSpeaking(current) || yields(current, clock.now())) return
    if (!this.#turns.some(({ kind }) => kind === 'question')) return
    const wait = current.heardAt + patienceMs - clock.now()
    this.#cancelPatience = clock.after(wait, () => void this.advance(), { keepsAlive: true })
  }

  /** The program ends: what was said and not shown is shown, and the rows are taken away. */
  #leave(): void {
    for (const turn of this.#turns) if (turn.kind === 'message') this.#giveUp(turn)
    this.#below = []
    if (this.#current?.kind === 'question') this.#pending += '\n'
    this.#turns = this.#turns.filter(({ kind }) => kind !== 'question')
    void this.advance()
    this.#frame()
  }
}
