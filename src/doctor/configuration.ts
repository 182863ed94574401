// From what was found to the options that the wrapper needs.
import { type Configuration, hasQuirk, type Report } from './report.ts'
import { modelNameAt, type WireName, wires } from './wires.ts'

/** The options that quirks ask for; they are proved by reading the recorded reply with them. */
export function quirkOptions(report: Report): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  if (hasQuirk(report, 'think-tags')) options['thinkTags'] = true
  else if (hasQuirk(report, 'think-tags-opened')) {
    options['thinkTags'] = { open: '<think>', close: '</think>', opened: true }
  }
  if (hasQuirk(report, 'broken-frame')) options['onBrokenFrame'] = 'skip'
  if (hasQuirk(report, 'stream-options-refused')) options['generateArgs'] = { stream_options: null }
  return options
}

export function configurationOf(
  report: Report,
  wire: WireName,
  model: string,
  { apiKey, apiKeyVariable }: { apiKey?: string | undefined; apiKeyVariable?: string | undefined },
): Configuration {
  const { wrapper, needsKey } = wires[wire]
  const options = {
    modelName: modelNameAt(wire, model),
    baseUrl: report.baseUrl,
    ...(apiKey === undefined && needsKey && { apiKey: 'none' }),
    stream: true,
    ...quirkOptions(report),
  }
  return { wrapper, options, ...(apiKeyVariable !== undefined && { apiKeyVariable }) }
}

/** As a program has it, ready to paste. */
export function configurationText({ wrapper, options, apiKeyVariable }: Configuration): string {
  const lines = Object.entries(options).map(([name, value]) => `  ${name}: ${literal(value)},`)
  if (apiKeyVariable !== undefined) lines.splice(2, 0, `  apiKey: process.env.${apiKeyVariable},`)
  return `new ${wrapper}({\n${lines.join('\n')}\n})`
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).map(([name, each]) => `${name}: ${literal(each)}`)
  return `{ ${fields.join(', ')} }`
}

/** A server names its models as it likes: control characters are written as escapes, so that none reaches a terminal. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replace(/[\u007f-\u009f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)}'`
}
