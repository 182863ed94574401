// The names of attributes: older and other conventions turned into OpenTelemetry's for generative AI, and what they say.
// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
import { fieldsOf, textIn } from '../../core/kind.ts'
import type { Span } from '../../journal/journal.ts'

type Attributes = Record<string, unknown>

/** Seconds from the request to the first piece of the answer. */
export const timeToFirst = 'gen_ai.response.time_to_first_chunk'

/** Older names of OpenTelemetry, those of AgentScope before 1.0.9, OpenInference and the AI SDK. */
const renamed: Readonly<Record<string, string>> = {
  'gen_ai.system': 'gen_ai.provider.name',
  'gen_ai.usage.prompt_tokens': 'gen_ai.usage.input_tokens',
  'gen_ai.usage.completion_tokens': 'gen_ai.usage.output_tokens',
  'gen_ai.usage.cache_read_input_tokens': 'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_creation_input_tokens': 'gen_ai.usage.cache_creation.input_tokens',
  'project.run_id': 'gen_ai.conversation.id',
  'metadata.model_name': 'gen_ai.request.model',
  'output.usage.input_tokens': 'gen_ai.usage.input_tokens',
  'output.usage.output_tokens': 'gen_ai.usage.output_tokens',
  'llm.model_name': 'gen_ai.request.model',
  'llm.provider': 'gen_ai.provider.name',
  'llm.token_count.prompt': 'gen_ai.usage.input_tokens',
  'llm.token_count.completion': 'gen_ai.usage.output_tokens',
  'llm.token_count.prompt_details.cache_read': 'gen_ai.usage.cache_read.input_tokens',
  'tool.name': 'gen_ai.tool.name',
  'ai.model.id': 'gen_ai.request.model',
  'ai.usage.promptTokens': 'gen_ai.usage.input_tokens',
  'ai.usage.completionTokens': 'gen_ai.usage.output_tokens',
  'ai.toolCall.name': 'gen_ai.tool.name',
}

/** Where else the kind of work stands, and how it is called there. */
const kindFields = ['gen_ai.span.kind', 'span.kind', 'openinference.span.kind'] as const
const operations: Readonly<Record<string, string>> = {
  AGENT: 'invoke_agent',
  TOOL: 'execute_tool',
  LLM: 'chat',
  EMBEDDING: 'embeddings',
  FORMATTER: 'format',
}

/** Attributes under the names of today; a name of today that is there already wins, and then the old one stays too. */
export function conventional(came: Attributes): Attributes {
  const named: Attributes = {}
  for (const [name, value] of Object.entries({ ...came, ...fromOldAgentScope(came) })) {
    const today = renamed[name] ?? name
    named[Object.hasOwn(came, today) ? name : today] = value
  }
  const kind = kindFields.map((field) => textIn(came[field])).find((each) => each !== undefined)
  const operation = kind === undefined ? undefined : operations[kind.toUpperCase()]
  if (operation !== undefined) named['gen_ai.operation.name'] ??= operation
  return named
}

/** Before 1.0.9 the model's name and tokens stood in JSON texts: `metadata` and `output`. */
function fromOldAgentScope(came: Attributes): Attributes {
  if (!Object.hasOwn(came, 'project.run_id')) return {}
  const { usage } = jsonIn(came['output'])
  const { input_tokens: input, output_tokens: output } = fieldsOf(usage)
  const { model_name: model } = jsonIn(came['metadata'])
  const found = {
    'metadata.model_name': model,
    'output.usage.input_tokens': input,
    'output.usage.output_tokens': output,
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

function jsonIn(value: unknown): Attributes {
  if (typeof value !== 'string') return fieldsOf(value)
  try {
    return fieldsOf(JSON.parse(value))
  } catch {
    return {}
  }
}

const modelWork = ['chat', 'generate_content', 'text_completion', 'embeddings', 'rerank']
const agentWork = ['invoke_agent', 'create_agent', 'invoke_workflow']

export function kindOf(attributes: Attributes): Span['kind'] {
  const operation = textIn(attributes['gen_ai.operation.name'])
  if (operation !== undefined) {
    if (modelWork.includes(operation)) return 'model'
    if (operation === 'execute_tool') return 'tool'
    return agentWork.includes(operation) ? 'agent' : 'other'
  }
  if (attributes['gen_ai.tool.name'] !== undefined) return 'tool'
  return attributes['gen_ai.request.model'] === undefined ? 'other' : 'model'
}

/** Events by which tracers mark the first piece of an answer. */
const firstEvents = ['gen_ai.first_token', 'gen_ai.content.first_chunk', 'first_token', 'ai.stream.firstChunk']

/** Seconds to the first piece, from wherever it is told; `undefined` when it is not. */
export function secondsToFirst(attributes: Attributes, events: NonNullable<Span['events']>, startMs: number) {
  const told = attributes[timeToFirst] ?? attributes['gen_ai.server.time_to_first_token']
  if (typeof told === 'number') return told
  const milliseconds = attributes['ai.response.msToFirstChunk']
  if (typeof milliseconds === 'number') return milliseconds / 1000
  const event = events.find(({ name }) => firstEvents.includes(name))
  return event && Math.max(0, event.atMs - startMs) / 1000
}

/** The run that the attributes name. */
export function runNamedIn(attributes: Attributes): string | undefined {
  return textIn(attributes['agentscope.run_id']) ?? textIn(attributes['gen_ai.conversation.id'])
}
