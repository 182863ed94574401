// Reads fields of wire values that may be anything: a provider's promise is no type.

export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, or an empty one. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : noFields
}

const noFields: Fields = Object.freeze({})

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : noList
}

const noList: unknown[] = []

/** The string when it is one and says something. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Text as a string or as a list of `{ text }` parts, in order; '' when there is none. */
export function flatText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  let text = ''
  for (const part of content) {
    if (typeof part === 'string') text += part
    else if (isFields(part) && typeof part['text'] === 'string') text += part['text']
  }
  return text
}
