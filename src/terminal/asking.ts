// One question to a person at the terminal, from its first line to a whole answer.
import type { InputRequest } from '../core/event.ts'
import { askFields } from '../schema/index.ts'
import type { Answer } from '../scope.ts'
import type { History } from './history.ts'
import type { LineReader } from './prompt.ts'
import { approvalPrompt, callText, fieldPrompt, fieldText, promptOf } from './question.ts'
import type { Style } from './style.ts'

export interface AskingOptions {
  reader: LineReader
  output: { write(text: string): unknown }
  style: Style
  history: History
  /** Whether what is typed stands on the screen. Elsewhere no question is shown, only what was wrong with the answer. */
  echoes: boolean
  /** Gets what was being typed when somebody else answered. */
  unsent?(text: string): void
}

/**
 * Asks. An approval is asked for in words, a request with a schema field by field; a wrong answer is told and the field
 * asked for again. What belongs to either never gets into the history.
 */
export async function answerTo(request: InputRequest, signal: AbortSignal, options: AskingOptions): Promise<Answer> {
  const { approval, schema } = request
  const { history, echoes, style, output } = options
  if (approval !== undefined) {
    if (echoes) output.write(callText(request, style))
    return readAnswer(approvalPrompt(request, approval), signal, options, [])
  }
  if (schema !== undefined) return formAnswer(request, schema, signal, options)
  const answer = await readAnswer(promptOf(request, style), signal, options, history.entries)
  if (echoes) history.add(answer)
  return answer
}

async function formAnswer(
  request: InputRequest,
  schema: Record<string, unknown>,
  signal: AbortSignal,
  options: AskingOptions,
): Promise<Answer> {
  const { output, style, echoes } = options
  if (echoes) output.write(`${promptOf(request, style).trimEnd()}\n`)
  const value = await askFields(schema, async (field, problem) => {
    if (problem !== undefined) output.write(`${style.alert(`  ${field.label}: ${problem}`)}\n`)
    else if (echoes) output.write(fieldText(field, style))
    return readAnswer(fieldPrompt(field), signal, options, [])
  })
  return { value, content: JSON.stringify(value) }
}

/** At the keyboard a line that ends in a backslash goes on in the next one; in a pipe every line is an answer. */
async function readAnswer(
  prompt: string,
  signal: AbortSignal,
  { reader, output, echoes, style, unsent }: AskingOptions,
  history: readonly string[],
): Promise<string> {
  const reading = { output, editing: echoes && style.color, history, ...(unsent && { unsent }) }
  let text = await reader.read(echoes ? prompt : '', signal, reading)
  while (echoes && goesOn(text)) {
    text = `${text.slice(0, -1)}\n${await reader.read('... ', signal, { ...reading, history: [] })}`
  }
  return text
}

/** Two backslashes are a backslash that was meant. */
function goesOn(text: string): boolean {
  return (/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1
}
