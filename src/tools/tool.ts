// A tool: a described function that a model may ask to be run.
import { ConfigError, messageOf } from '../core/error.ts'
import { isFields, kindOf } from '../core/kind.ts'
import type { Block } from '../core/message.ts'
import { type ToolCall, type ToolSchema, toolSchemas } from '../core/tool.ts'
import { type Checked, readSchema, type Schema, type ValueOf } from '../schema/index.ts'

/** What a tool is told beside its input. */
export interface ToolContext {
  /** Fires when the reply is stopped, or the tool's time is over. */
  readonly signal: AbortSignal
  /** The call as the model made it. */
  readonly call: ToolCall
  /** Tells everybody who listens how far it is; it does not become part of the result. */
  progress(text: string, details?: Record<string, unknown>): void
}

/**
 * What a tool gives back: text, blocks (images, for one), or any JSON value, which the model reads as JSON text; nothing
 * at all reads as "done". An async iterable or a generator streams its pieces as they come: strings are put together,
 * blocks are kept, bytes are read as UTF-8 text; what a generator returns at its end is not heard.
 */
export type ToolOutput = string | readonly Block[] | AsyncIterable<string | Block> | unknown

export interface ToolOptions<S extends Schema = Schema> {
  /** 1 to 64 letters, digits, underscores and hyphens. */
  name: string
  /** What it is for, in the words that the model reads. */
  description: string
  /** A Standard Schema (zod and others) or a JSON Schema, of an object. Default: the tool takes nothing. */
  input?: S
  /** An async generator streams its output. What it throws becomes a result that the model can read. */
  run(input: ValueOf<S>, context: ToolContext): ToolOutput
  /** Whether calls of one turn may run at the same time as others that may. Default false. */
  concurrent?: boolean
  /** Whether a person must allow each call; a function decides by the input. Default false. */
  approval?: boolean | ((input: ValueOf<S>) => boolean | Promise<boolean>)
  /** After how many milliseconds its signal fires and the call counts as failed. Default: never. */
  timeoutMs?: number
  /** Asks the provider to keep to the schema to the letter, where it can. */
  strict?: boolean
}

/** A tool, ready to be offered and to be run. */
export interface Tool {
  readonly name: string
  /** As the model is told. */
  readonly schema: ToolSchema
  readonly concurrent: boolean
  readonly timeoutMs: number | undefined
  /** Whether a person must allow a call with this (checked) input. */
  needsApproval(input: unknown): boolean | Promise<boolean>
  check(input: unknown): Promise<Checked<unknown>>
  run(input: unknown, context: ToolContext): ToolOutput
}

/**
 * Describes a function so that a model can ask for it. Arguments are checked against `input` before `run` sees them.
 *
 * @throws ConfigError for a name that providers refuse, a missing function, a schema that is not one of an object, or a
 * time limit that is none.
 */
export function tool<S extends Schema = Schema>(options: ToolOptions<S>): Tool {
  if (!isFields(options)) {
    throw new ConfigError(`A tool is described by an object, but got ${kindOf(options)}.`, {
      advice: 'Write tool({ name, description, input, run }).',
    })
  }
  const { name, description, input, run, concurrent = false, approval = false, timeoutMs, strict } = options
  if (typeof run !== 'function') throw new ConfigError(`The tool ${name} has no function: run is ${kindOf(run)}.`)
  checkLimit(name, timeoutMs)
  const read = input === undefined ? undefined : readSchema(input)
  const [schema] = readToolSchema({
    name,
    description,
    ...(read !== undefined && { parameters: read.json }),
    ...(strict !== undefined && { strict }),
  })
  return {
    name,
    schema,
    concurrent,
    timeoutMs,
    needsApproval: (value) => (typeof approval === 'function' ? approval(value as ValueOf<S>) : approval),
    check: async (value) => (read === undefined ? { ok: true, value } : read.check(value)),
    run: (value, context) => run(value as ValueOf<S>, context),
  }
}

/** A timer takes no more than 2^31 - 1; a longer one would fire at once. */
function checkLimit(name: string, timeoutMs: unknown): void {
  if (timeoutMs === undefined) return
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs < 2 ** 31) return
  throw new ConfigError(`The tool ${name}: timeoutMs must be a number of milliseconds, but is ${kindOf(timeoutMs)}.`, {
    advice: 'Give a number from 1 to 2147483647, or leave it out for no limit.',
  })
}

/** A wrong description is a mistake of whoever wrote the tool. */
function readToolSchema(described: object): [ToolSchema] {
  try {
    return toolSchemas([described]) as [ToolSchema]
  } catch (cause) {
    const reason = messageOf(cause)
    throw new ConfigError(`tool(): ${reason.replace('tools[0] ', 'the tool ')}`, { cause })
  }
}
