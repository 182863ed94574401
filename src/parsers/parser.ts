// A parser: what to tell the model about the form of its answer, and how to read an answer in that form.
import type { ModelResponse } from '../models/response.ts'

/** An answer that has been read. `response` is there when one was given, with its thinking, usage and ending. */
export interface ParsedResponse<Value> {
  /** All of the answer's text. */
  text: string
  parsed: Value
  response?: ModelResponse
}

/**
 * Base of all parsers; one of your own writes `formatInstruction` and `read`.
 *
 * AgentScope's `parse` puts `parsed` into the response; here a response is never changed, nor copied: `parse` resolves
 * to an object of its own.
 */
export abstract class Parser<Value = unknown> {
  /** What to append to the prompt. */
  abstract get formatInstruction(): string

  /**
   * Reads an answer. A response that still streams is read to its end first.
   *
   * @throws ResponseParsingError when it is not in the form; the typed error of a response that broke or was stopped.
   */
  async parse(source: string | ModelResponse): Promise<ParsedResponse<Value>> {
    if (typeof source === 'string') return { text: source, parsed: await this.read(source, true) }
    const text = await source.getText()
    return { text, parsed: await this.read(text, isAllOfIt(source)), response: source }
  }

  /** `complete` tells whether the text is known to be all of it: what was cut off must not be completed. */
  protected abstract read(text: string, complete: boolean): Value | Promise<Value>
}

function isAllOfIt({ ending }: ModelResponse): boolean {
  return ending?.complete === true && ending.reason !== 'length' && ending.reason !== 'content-filter'
}
