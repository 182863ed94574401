// What a model's answer said, as a span holds it: in our blocks, in OpenTelemetry's messages of parts, or as plain text.

export interface SaidCall {
  id?: string
  name: string
  /** The value of the input, or its text where that is no JSON. */
  input?: unknown
  rawInput?: string
}

export interface Said {
  thinking: string
  text: string
  toolCalls: SaidCall[]
}

/** `undefined` when nothing of it can be read. */
export function saidIn(output: unknown): Said | undefined {
  const told = parsed(output)
  if (typeof told === 'string') return told === '' ? undefined : { thinking: '', text: told, toolCalls: [] }
  const said: Said = { thinking: '', text: '', toolCalls: [] }
  for (const block of blocksOf(told)) add(said, block)
  return said.thinking === '' && said.text === '' && said.toolCalls.length === 0 ? undefined : said
}

/** Messages hold their blocks in `parts` or `content`. */
function blocksOf(told: unknown): Record<string, unknown>[] {
  const list = Array.isArray(told) ? told : [told]
  return list.filter(isObject).flatMap((each) => {
    const inner = each['type'] === undefined ? (each['parts'] ?? each['content']) : undefined
    if (typeof inner === 'string') return [{ type: 'text', text: inner }]
    return Array.isArray(inner) ? inner.filter(isObject) : [each]
  })
}

function add(said: Said, block: Record<string, unknown>): void {
  const { type, text, content, thinking } = block
  const words = [text, content, thinking].find((each) => typeof each === 'string') as string | undefined
  if (type === 'text') said.text += words ?? ''
  else if (type === 'thinking' || type === 'reasoning') said.thinking += words ?? ''
  else if (type === 'tool_use' || type === 'tool_call') said.toolCalls.push(callOf(block))
}

function callOf({ id, name, input, rawInput, arguments: given }: Record<string, unknown>): SaidCall {
  const call = { ...(typeof id === 'string' && id !== '' && { id }), name: String(name ?? '') }
  const value = input ?? given
  if (value !== undefined && typeof value !== 'string') return { ...call, input: value }
  const raw = String(value ?? rawInput ?? '')
  const known = raw === '' ? {} : parsed(raw)
  return typeof known === 'string' ? { ...call, rawInput: raw } : { ...call, input: known }
}

/** A text that is JSON becomes its value. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
