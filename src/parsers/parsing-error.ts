// What can be wrong with an answer that was to have a certain form. The messages can be shown to the model as they are.
import { AgentScopeError } from '../core/error.ts'

export interface ParsingErrorOptions {
  /** All of the answer's text; where only its value is known, that as JSON. */
  received: string
  advice?: string
  cause?: unknown
}

/** The answer is not in the form that was asked for. `received` holds all of it, uncut. AgentScope: the same name. */
export class ResponseParsingError extends AgentScopeError {
  constructor(message: string, options: ParsingErrorOptions) {
    super('structured-output', message, options)
  }
}

/** Tags or fences are not there; `missing` names them. */
export class TagNotFoundError extends ResponseParsingError {
  readonly missing: readonly string[]

  constructor(missing: readonly string[], options: ParsingErrorOptions) {
    super(`The answer lacks ${missing.join(' and ')}.`, options)
    this.missing = missing
  }
}

/** What stands where JSON should be is no JSON, or was cut off. */
export class JsonParsingError extends ResponseParsingError {}

/** It is JSON, but not of the type or the shape that was asked for. */
export class JsonTypeError extends ResponseParsingError {}

/** Fields that are needed are not there; `missing` names them. */
export class RequiredFieldNotFoundError extends ResponseParsingError {
  readonly missing: readonly string[]

  constructor(missing: readonly string[], options: ParsingErrorOptions) {
    const many = missing.length > 1
    super(
      `The answer lacks the field${many ? 's' : ''} ${missing.map((key) => JSON.stringify(key)).join(', ')}.`,
      options,
    )
    this.missing = missing
  }
}
