// How a question looks: whose line it is, which tool wants to run, which field is asked for.
import type { InputRequest } from '../core/event.ts'
import { isFields } from '../core/kind.ts'
import { textOf } from '../core/message.ts'
import type { Field } from '../schema/index.ts'
import type { GivenAnswer } from '../scope.ts'
import { shortened } from './describe.ts'
import { cleanLine } from './sanitize.ts'
import type { Style } from './style.ts'

type Approval = NonNullable<InputRequest['approval']>

/** Longer inputs of a tool are shown in part. */
const longestInput = 2000

/** What stands before the cursor. Without words it is the name of whoever is to speak, as in AgentScope. */
export function promptOf({ name, text }: InputRequest, style: Style): string {
  if (text !== undefined) return `${cleanLine(text)} `
  const line = cleanLine(name)
  return line === 'User' ? `${style.name('User Input', 'User')}: ` : `${style.name(line)}: `
}

/** The call that waits for a person: each argument on a line of its own, as JSON, so that nothing can hide in it. */
export function callText({ name, approval }: InputRequest, style: Style): string {
  if (approval === undefined) return ''
  const { tool, input } = approval
  const json = JSON.stringify(input, null, 2) ?? ''
  const shown = json.length > longestInput ? `${json.slice(0, longestInput).toWellFormed()}…` : json
  const more = json.length - longestInput
  const lines = shown.split('\n').map(visible)
  const rest = more > 0 ? style.alert(` (${more} more characters)`) : ''
  const head = `${style.name(cleanLine(name))} → ${cleanLine(tool)}`
  return `${head}${lines.length > 1 ? '\n' : ' '}${lines.join('\n')}${rest}\n`
}

/** The question as it was put; the arguments need not stand in it, because they stand above it. */
export function approvalPrompt({ text }: InputRequest, { input }: Approval): string {
  const words = text ?? 'Allow it? yes / no:'
  return `${cleanLine(words.replace(`(${JSON.stringify(input)})`, ''))} `
}

/** What stands in the place of a question that somebody else answered: what was asked, if in words; what was being typed; and the answer. */
export function answeredText(
  { text, approval }: InputRequest,
  { content, value, by }: GivenAnswer,
  draft: string,
  style: Style,
): string {
  const decision = isFields(value) ? value['decision'] : undefined
  const words = typeof decision === 'string' ? decision : (textOf({ content }) ?? '')
  const question = text === undefined || approval !== undefined ? '' : `${cleanLine(text)}\n`
  const unsent = draft === '' ? '' : `${style.dim(`(not sent: ${cleanLine(draft)})`)}\n`
  return `${question}${unsent}${style.dim(`${answeredWords(by)}: ${shortened(cleanLine(words))}`)}\n`
}

/** Where an answer was given, in words. */
export function answeredWords(by = 'elsewhere'): string {
  if (by === 'elsewhere') return 'answered elsewhere'
  if (by === 'default') return 'answered by default'
  return `answered in ${by === 'terminal' ? 'the terminal' : cleanLine(by)}`
}

/** The line of one field: what it is called, what may be typed, and what no answer means. */
export function fieldPrompt(field: Field): string {
  const hints = [kindOf(field), field.required ? '' : 'optional'].filter((hint) => hint !== '')
  const standard = field.default === undefined ? '' : ` [${wordsOf(field.default)}]`
  const hint = hints.length === 0 ? '' : ` (${hints.join(', ')})`
  return `${cleanLine(`  ${field.label}${hint}${standard}`)}: `
}

export function fieldText({ description }: Field, style: Style): string {
  return description === undefined ? '' : `${style.dim(`  ${cleanLine(description)}`)}\n`
}

function kindOf({ kind, itemKind, choices, nullable }: Field): string {
  const orNull = nullable ? ' or nothing' : ''
  if (choices !== undefined)
    return `${choices.map(wordsOf).join(' / ')}${kind === 'list' ? ', separated by commas' : ''}${orNull}`
  if (kind === 'list') return `${words[itemKind ?? 'string']}, separated by commas${orNull}`
  return `${words[kind]}${orNull}`
}

const words = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes / no',
  json: 'JSON',
} as const

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Characters that could fool the reader are shown by their codes. */
function visible(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`)
}
