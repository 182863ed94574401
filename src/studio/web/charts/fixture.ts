// A model call as a test: a simulated provider that says again what the model said, and what is to be expected of it.
import { type Said, saidIn } from './said.ts'
import { factsOf, type Span } from './span-facts.ts'

/** The class that speaks to each provider, and the wire it speaks. */
const wrappers: Readonly<Record<string, readonly [wrapper: string, wire: string]>> = {
  anthropic: ['AnthropicChatWrapper', 'anthropic'],
  dashscope: ['DashScopeChatWrapper', 'dashscope'],
  gemini: ['GeminiChatWrapper', 'gemini'],
  ollama: ['OllamaChatWrapper', 'ollama'],
  zhipuai: ['ZhipuAIChatWrapper', 'zhipuai'],
}

/**
 * The text of a file for vitest: whoever pastes it puts the agent under test in the place of the one call. `undefined` when
 * the span is no model call or did not tell what was answered.
 */
export function fixtureOf(span: Span): string | undefined {
  const { model = 'model', output } = factsOf(span)
  const said = span.kind === 'model' ? saidIn(output) : undefined
  if (said === undefined) return undefined
  const [wrapper, wire] = wrapperFor(span)
  const imports = [
    `import { ${wrapper} } from 'agentscope/models'`,
    "import { simulator } from 'agentscope/simulator'",
    "import { expect, test } from 'vitest'",
  ]
  return `${imports.join('\n')}

test(${literal(`${model} answers as it did`)}, async () => {
  await using provider = await simulator({
    models: {
      ${literal(model)}: ${indented(scriptOf(said), 6)},
    },
  })
  const model = new ${wrapper}({
    modelName: ${literal(model)},
    apiKey: 'any',
    baseUrl: provider.baseUrl('${wire}'),
    stream: true,
  })
  const response = await model.call([{ role: 'user', content: ${literal(askedIn(span))} }])
  expect(await response.getText()).toBe(${literal(said.text)})
${expectations(said)}})
`
}

function scriptOf({ thinking, text, toolCalls }: Said): string {
  const script = {
    ...(thinking !== '' && { thinking }),
    ...(text !== '' && { text }),
    ...(toolCalls.length > 0 && { toolCalls }),
  }
  return literal(script)
}

function expectations({ thinking, toolCalls }: Said): string {
  const calls = toolCalls.map(({ name, input }) => ({ name, ...(input !== undefined && { input }) }))
  return [
    ...(thinking === '' ? [] : [`  expect(response.thinking).toBe(${literal(thinking)})\n`]),
    ...(calls.length === 0 ? [] : [`  expect(response.toolCalls).toMatchObject(${indented(literal(calls), 2)})\n`]),
  ].join('')
}

function wrapperFor(span: Span): readonly [string, string] {
  const provider = String(span.attributes['gen_ai.provider.name'] ?? span.attributes['gen_ai.system'] ?? '')
  const name = Object.keys(wrappers).find((each) => provider.toLowerCase().includes(each))
  return wrappers[name ?? ''] ?? ['OpenAIChatWrapper', 'openai']
}

/** What the user said last, since a call needs some words. */
function askedIn(span: Span): string {
  const { input } = factsOf(span)
  const messages = typeof input === 'string' && input.startsWith('[') ? jsonOr(input) : input
  const asked = Array.isArray(messages) ? messages.findLast((each) => each?.role === 'user') : messages
  return saidIn(asked)?.text || 'Hello'
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** JSON is JavaScript; only these two ends of lines are not to stand in it as they are. */
function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`)
}
