// A failure that a tool tells in its own words or blocks, for the model to read.
import type { Block } from '../core/message.ts'
import { textOf } from '../core/message.ts'

/**
 * Thrown by a tool whose answer is a failure with something to show: the result is `output` as it is, marked as an error.
 * Any other error becomes a sentence with its message.
 */
export class ToolError extends Error {
  readonly output: string | Block[]

  constructor(output: string | Block[], options?: ErrorOptions) {
    super(textOf({ content: output }) ?? 'The tool failed.', options)
    this.name = 'ToolError'
    this.output = output
  }
}
