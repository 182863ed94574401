// Frames as one connection carries them: a batch names its run and its parts by numbers, and what follows from before is left out.
import type { Op, PartId, ServerFrame } from './frames.ts'

type BatchFrame = Extract<ServerFrame, { t: 'b' }>

/** An operation as it is sent. A text alone goes on where the last one ended; a number stands for a part. */
type WireOp =
  | string
  | readonly [op: '+', part: PartId | number, ...where: [text: string] | [offset: number, text: string]]
  | readonly [op: '=' | 'e', part: PartId | number, ...rest: unknown[]]
  | readonly unknown[]

/** `[run, how far the offset moves, …operations]`; the second is an object when there is more to say. */
type WireBatch = readonly [run: number | string, step: number | Step, ...ops: WireOp[]]

interface Step {
  seq: number
  from?: number
  nth?: number
  reset?: true
  more?: true
}

/** What both ends of a connection know of one run, because both have seen the same frames. */
class RunLine {
  seq = -1
  readonly #numbers = new Map<PartId, number>()
  readonly #parts = new Map<number, { id: PartId; end: number }>()
  #next = 0
  /** The part that grew last. */
  last: number | undefined

  number(id: PartId): number | undefined {
    return this.#numbers.get(id)
  }

  part(number: number): { id: PartId; end: number } | undefined {
    return this.#parts.get(number)
  }

  /** The number of a part, a new one if need be; `end`: where its next text is expected. */
  know(id: PartId, end: number): void {
    const number = this.#numbers.get(id) ?? this.#next++
    this.#numbers.set(id, number)
    this.#parts.set(number, { id, end })
    this.last = number
  }

  forget(id: PartId): void {
    const number = this.#numbers.get(id)
    if (number === undefined) return
    this.#numbers.delete(id)
    this.#parts.delete(number)
    if (this.last === number) this.last = undefined
  }

  /** What an operation changes here, the same at both ends. */
  pass(op: Op): void {
    if (op[0] === 'n') this.know(op[1], 0)
    else if (op[0] === '+') this.know(op[1], op[2] + op[3].length)
    else if (op[0] === '=') this.know(op[1], op[3].length)
    else if (op[0] === 'e') this.forget(op[1])
  }
}

/** The runs of one connection, numbered in the order in which they are first told of. */
class Lines {
  readonly lines: RunLine[] = []
  readonly ids: string[] = []

  add(run: string): RunLine {
    const line = new RunLine()
    this.ids.push(run)
    this.lines.push(line)
    return line
  }
}

/** Writes the frames of one connection; `WireReader` reads them, all of them and in order. */
export class WireWriter {
  readonly #runs = new Lines()

  write(frame: ServerFrame): string {
    return JSON.stringify(frame.t === 'b' ? this.#batch(frame) : frame)
  }

  #batch(frame: BatchFrame): WireBatch {
    const number = this.#runs.ids.indexOf(frame.run)
    const line = this.#runs.lines[number] ?? this.#runs.add(frame.run)
    const step = stepOf(line, frame)
    line.seq = frame.seq
    const ops = frame.ops.map((op) => {
      const written = shortened(line, op)
      line.pass(op)
      return written
    })
    return [number < 0 ? frame.run : number, step, ...ops]
  }
}

function stepOf(line: RunLine, { seq, from, nth, reset, more }: BatchFrame): number | Step {
  if (from === line.seq && nth === undefined && !reset && !more) return seq - line.seq
  return {
    seq,
    ...(from !== undefined && { from }),
    ...(nth !== undefined && { nth }),
    ...(reset && { reset }),
    ...(more && { more }),
  }
}

function shortened(line: RunLine, op: Op): WireOp {
  if (op[0] !== '+' && op[0] !== '=' && op[0] !== 'e') return op
  const number = line.number(op[1])
  if (number === undefined) return op
  if (op[0] === '=') return ['=', number, op[2], op[3]]
  if (op[0] === 'e') return ['e', number, op[2]]
  const [, , offset, text] = op
  if (line.part(number)?.end !== offset) return ['+', number, offset, text]
  return number === line.last ? text : ['+', number, text]
}

/** Reads what `WireWriter` wrote, and plain frames too. Throws for what neither wrote. */
export class WireReader {
  readonly #runs = new Lines()

  read(text: string): ServerFrame {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? this.#batch(value as unknown as WireBatch) : (value as ServerFrame)
  }

  #batch([run, step, ...written]: WireBatch): BatchFrame {
    const line = typeof run === 'string' ? this.#runs.add(run) : (this.#runs.lines[run] as RunLine)
    const id = typeof run === 'string' ? run : (this.#runs.ids[run] as string)
    const where = typeof step === 'number' ? { seq: line.seq + step, from: line.seq } : step
    line.seq = where.seq
    const ops = written.map((each) => {
      const op = lengthened(line, each)
      line.pass(op)
      return op
    })
    return { t: 'b', run: id, ...where, ops }
  }
}

function lengthened(line: RunLine, written: WireOp): Op {
  const op = typeof written === 'string' ? ['+', line.last, written] : written
  const number = op[1]
  if (typeof number !== 'number' || (op[0] !== '+' && op[0] !== '=' && op[0] !== 'e')) return op as unknown as Op
  const part = line.part(number) as { id: PartId; end: number }
  if (op[0] === '+' && op.length === 3) return ['+', part.id, part.end, op[2] as string]
  return [op[0], part.id, ...op.slice(2)] as unknown as Op
}
