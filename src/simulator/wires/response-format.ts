// What the providers refuse in a request for JSON: formats, schemas, and what cannot be asked for together.
import { type Refusal, refusal } from '../wire.ts'
import { code, missing, wrongType } from './chat-refusals.ts'
import { type Fields, isFields, listIn, recordsIn, stringIn } from './fields.ts'

const chatFormats = ['text', 'json_object', 'json_schema']

/** `response_format` of OpenAI and those who follow it; `formats` are the ones that the provider documents. */
export function checkResponseFormat(body: Fields, formats: readonly string[] = chatFormats): void {
  const format = body['response_format']
  if (format === undefined || format === null) return
  if (!isFields(format)) throw wrongType('response_format', 'an object', format)
  const type = stringIn(format['type'])
  if (!formats.includes(type)) {
    const known = formats.map((each) => `'${each}'`).join(', ')
    throw refusal(`Invalid value: '${type}'. Supported values are: ${known}.`, {
      param: 'response_format.type',
      code: code.value,
    })
  }
  if (type === 'json_object') checkJsonIsMentioned(body['messages'])
  if (type === 'json_schema') checkJsonSchema(format['json_schema'])
}

/** JSON mode without the word leads to endless blanks, so it is refused. */
function checkJsonIsMentioned(messages: unknown): void {
  if (/json/i.test(JSON.stringify(messages ?? []))) return
  throw refusal(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    {
      param: 'messages',
    },
  )
}

function checkJsonSchema(described: unknown): void {
  const at = 'response_format.json_schema'
  if (!isFields(described)) throw missing(at)
  const { name, schema, strict } = described
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(stringIn(name))) throw missing(`${at}.name`)
  if (!isFields(schema)) throw missing(`${at}.schema`)
  const wrong = (problem: string) =>
    refusal(`Invalid schema for response_format '${stringIn(name)}': ${problem}`, {
      param: 'response_format',
      code: 'invalid_json_schema',
    })
  if (schema['type'] !== 'object') throw wrong(`schema must be a JSON Schema of 'type: "object"'.`)
  if (strict === true) checkStrict(schema, wrong)
}

function checkStrict(schema: Fields, wrong: (problem: string) => Refusal): void {
  for (const { properties, additionalProperties, required } of objectsIn(schema)) {
    if (additionalProperties !== false)
      throw wrong("'additionalProperties' is required to be supplied and to be false.")
    const optional = Object.keys(properties).find((name) => !listIn(required).includes(name))
    if (optional !== undefined) {
      throw wrong(
        `'required' is required to be supplied and to be an array including every key. Missing '${optional}'.`,
      )
    }
  }
}

/** Every schema of an object, however deep it stands. */
function objectsIn(schema: unknown): (Fields & { properties: Fields })[] {
  if (Array.isArray(schema)) return schema.flatMap(objectsIn)
  if (!isFields(schema)) return []
  const { properties } = schema
  const own = schema['type'] === 'object' ? [{ ...schema, properties: isFields(properties) ? properties : {} }] : []
  return [...own, ...Object.values(schema).flatMap(objectsIn)]
}

/** DashScope: JSON needs the word, and no thinking beside it. */
export function checkDashScopeFormat(input: Fields, parameters: Fields): void {
  checkResponseFormat({ ...parameters, messages: input['messages'] })
  const format = parameters['response_format']
  if (isFields(format) && format['type'] !== 'text' && parameters['enable_thinking'] === true) {
    throw refusal('Json mode response is not supported when enable_thinking is true')
  }
}

/** Gemini: a schema needs the JSON type, there is one schema, and before Gemini 3 functions exclude the type. */
export function checkGeminiFormat(model: string, config: Fields, tools: unknown): void {
  const type = config['responseMimeType'] ?? config['response_mime_type']
  const schema = config['responseSchema'] ?? config['response_schema']
  const jsonSchema = config['responseJsonSchema'] ?? config['response_json_schema']
  if (schema !== undefined && jsonSchema !== undefined) {
    throw refusal(
      '* GenerateContentRequest.generation_config: only one of response_schema and response_json_schema may be set',
    )
  }
  if ((schema ?? jsonSchema) !== undefined && type !== 'application/json' && type !== 'text/x.enum') {
    throw refusal(
      '* GenerateContentRequest.generation_config.response_schema: needs response_mime_type application/json',
    )
  }
  const functions = recordsIn(tools).some((tool) => 'functionDeclarations' in tool || 'function_declarations' in tool)
  if (type === 'application/json' && functions && !/^gemini-([3-9]|\d\d)/.test(model)) {
    throw refusal("Function calling with a response mime type: 'application/json' is unsupported")
  }
}

/** Ollama: `json`, or a schema. */
export function checkOllamaFormat(format: unknown): void {
  if (format === undefined || format === null || format === '' || format === 'json' || isFields(format)) return
  throw refusal(`invalid format: ${JSON.stringify(format)}; expected "json" or a valid JSON Schema object`)
}

/** Anthropic: a schema of closed objects; and a model that thinks cannot be forced to call a tool. */
export function checkAnthropicFormat(body: Fields): void {
  const config = body['output_config']
  const format = isFields(config) ? config['format'] : undefined
  const at = 'output_config.format'
  if (format !== undefined && format !== null) {
    if (!isFields(format) || format['type'] !== 'json_schema')
      throw refusal(`${at}.type: Input should be 'json_schema'`)
    if (!isFields(format['schema'])) throw refusal(`${at}.schema: Field required`)
    if (objectsIn(format['schema']).some((each) => each['additionalProperties'] !== false)) {
      throw refusal(`${at}.schema: For 'object' type, 'additionalProperties' must be explicitly set to false`)
    }
  }
  const { thinking, tool_choice: choice } = body
  const thinks = isFields(thinking) && ['enabled', 'adaptive'].includes(stringIn(thinking['type']))
  const forces = isFields(choice) && ['any', 'tool'].includes(stringIn(choice['type']))
  if (thinks && forces) throw refusal('Thinking may not be enabled when tool_choice forces tool use.')
}
