// The JSON value of a whole answer, wherever in it the value stands; for what is none, an error that says why.
import { parseRepaired } from '../core/json.ts'
import { JsonInText } from '../core/json-in-text.ts'
import { JsonParsingError, TagNotFoundError } from './parsing-error.ts'

const advice = 'Answer with one whole JSON value in a block that begins with ```json and ends with ```.'

/**
 * The value of the first fenced block; without one (either fence, or both, forgotten) the answer itself, or the first
 * object in it; the first array too when `arrays` are welcome. Only strings are repaired (`repairJson`): what was cut
 * off stays cut off.
 *
 * @throws JsonParsingError for what is no JSON or not all of it; TagNotFoundError when there is nothing of the kind.
 */
export function jsonOfAnswer(text: string, { arrays = false } = {}): unknown {
  const whole = parseRepaired(text)
  if (whole !== undefined) return whole
  const found = new JsonInText({ opens: arrays ? '{[' : '{' })
  found.push(text)
  found.end()
  if (found.whole) return found.value
  const options = { received: text, advice }
  if (found.value !== undefined) throw new JsonParsingError('The JSON in the answer ends before it is whole.', options)
  if (!text.includes('```') && !/^\s*[{[]/.test(text)) throw new TagNotFoundError(['```json', '```'], options)
  throw new JsonParsingError(`The answer is no JSON. ${found.failure ?? 'Nothing in it begins like JSON.'}`, options)
}

/** The value of a text that is JSON and nothing else. @throws JsonParsingError when it is not; `where` says whose text. */
export function jsonOfText(text: string, where: string, received: string): unknown {
  const value = parseRepaired(text)
  if (value !== undefined) return value
  throw new JsonParsingError(`The text ${where} must be JSON, but is not, or not all of it.`, {
    received,
    advice: 'Write one whole JSON value there, and nothing else.',
  })
}
