// One call to Gemini as an HTTP request: address, system instruction, generation options, tools.
// https://ai.google.dev/api/generate-content#method:-models.generatecontent
import { InputError } from '../core/error.ts'
import type { ToolSchema } from '../core/tool.ts'
import type { DialectCall, WireMessage, WireRequest } from './dialect.ts'
import type { GeminiRequestAccent } from './gemini.format.ts'
import { responseConfig } from './gemini.structured.ts'
import { onlySystem, type ResolvedChoice, resolvedChoice, without } from './tool-request.ts'
import { type Fields, fieldsOf, isFields, listOf, textIn } from './values.ts'

/** Fields of the request itself; every other option is part of `generationConfig`. */
const requestFields = [
  'systemInstruction',
  'safetySettings',
  'tools',
  'toolConfig',
  'cachedContent',
  'labels',
  'serviceTier',
  'store',
  'continuationToken',
  'modelArmorConfig',
]

/** Options are taken in camelCase or snake_case, as AgentScope's configurations have them. */
export function requestGemini(call: DialectCall<GeminiRequestAccent>): WireRequest {
  const { model, stream } = call
  const extras = camelKeys(without(call.extras, 'model', 'messages', 'contents', 'stream'))
  const { generationConfig, systemInstruction, toolConfig, tools: _native, ...options } = extras
  const generation: Fields = {
    ...fieldsOf(generationConfig),
    ...without(options, ...requestFields),
    ...responseConfig(call.format),
  }
  const own = Object.fromEntries(
    requestFields.flatMap((field) => (options[field] === undefined ? [] : [[field, options[field]]])),
  )
  const { system, contents } = contentsOf(call.messages, systemInstruction)
  const offer = { ...call, extras }
  const tools = geminiTools(offer)
  const choice = resolvedChoice({ ...offer, extras: { tools: declarationsIn(extras['tools']) } })
  const config =
    choice === undefined ? toolConfig : { ...fieldsOf(toolConfig), functionCallingConfig: choiceOf(choice) }
  return {
    path: `/models/${modelPath(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: {},
    body: {
      ...own,
      contents,
      ...(system !== undefined && { systemInstruction: system }),
      ...(tools !== undefined && { tools }),
      ...(config !== undefined && { toolConfig: config }),
      ...(Object.keys(generation).length > 0 && { generationConfig: generation }),
    },
  }
}

/** `models/x` means x; what could leave the path is escaped. */
function modelPath(model: string): string {
  return encodeURIComponent(model.replace(/^models\//, ''))
}

function camelKeys(extras: Fields): Fields {
  const camel: Fields = {}
  for (const [key, value] of Object.entries(extras)) {
    camel[key.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())] = value
  }
  return camel
}

/** Our tools in one list of declarations, then the provider's own. */
function geminiTools(call: DialectCall<GeminiRequestAccent>): unknown[] | undefined {
  const native = listOf(call.extras['tools'])
  const offered = [...formatGeminiTools(call.tools), ...native]
  return offered.length === 0 ? undefined : offered
}

/** All tools are declared in one entry. */
export function formatGeminiTools(tools: readonly ToolSchema[]): Fields[] {
  if (tools.length === 0) return []
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parametersJsonSchema: parameters }),
  }))
  return [{ functionDeclarations }]
}

function declarationsIn(tools: unknown): unknown[] {
  return listOf(tools).flatMap((tool) => {
    const declared = fieldsOf(tool)['functionDeclarations'] ?? fieldsOf(tool)['function_declarations']
    return declared === undefined ? [tool] : listOf(declared)
  })
}

function choiceOf(choice: ResolvedChoice): Fields {
  if (choice.mode === 'tool') return { mode: 'ANY', allowedFunctionNames: [choice.name] }
  return { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice.mode] }
}

function contentsOf(
  messages: readonly WireMessage[],
  instruction: unknown,
): { system?: Fields; contents: WireMessage[] } {
  const contents = messages.map(nativeContent)
  const firstOther = contents.findIndex((content) => content['role'] !== 'system')
  const head = firstOther < 0 ? contents.length : firstOther
  const parts = [
    ...partsOfInstruction(instruction),
    ...contents.slice(0, head).flatMap((each) => listOf(each['parts'])),
  ]
  const rest = contents
    .slice(head)
    .map((content) => (content['role'] === 'system' ? { ...content, role: 'user' } : content))
  if (rest.length === 0) throw onlySystem()
  return { ...(parts.length > 0 && { system: { parts } }), contents: rest }
}

/** An instruction as a string, a part, a content, or a list of strings and parts. */
function partsOfInstruction(instruction: unknown): unknown[] {
  if (instruction === undefined || instruction === null) return []
  if (typeof instruction === 'string') return [{ text: instruction }]
  if (Array.isArray(instruction)) return instruction.flatMap(partsOfInstruction)
  return isFields(instruction) && Array.isArray(instruction['parts']) ? instruction['parts'] : [instruction]
}

const wireRoles: Readonly<Record<string, string>> = {
  assistant: 'model',
  model: 'model',
  user: 'user',
  system: 'system',
}

/** `{ role, parts }` passes untouched, the plain `{ role, content: 'text' }` gets Gemini's shape. */
function nativeContent(message: WireMessage, at: number): WireMessage {
  if (Array.isArray(message['parts'])) return message
  const { role, content } = message
  const wireRole = wireRoles[textIn(role) ?? '']
  if (typeof content === 'string' && wireRole !== undefined) return { role: wireRole, parts: [{ text: content }] }
  throw new InputError(`messages[${at}] is neither Gemini's { role, parts } nor { role, content: 'text' }.`, {
    advice: 'Allowed roles for text: system, user, assistant. Everything else is written as parts.',
  })
}
