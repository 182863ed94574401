// What Gemini refuses.
import { refusal } from '../wire.ts'
import { type Fields, isFields, recordsIn, stringIn } from './fields.ts'
import { checkContent, checkFunctionTurns, invalid } from './gemini-contents.ts'

const known = new Set([
  'contents',
  'model',
  'systemInstruction',
  'system_instruction',
  'tools',
  'toolConfig',
  'tool_config',
  'safetySettings',
  'safety_settings',
  'generationConfig',
  'generation_config',
  'cachedContent',
  'cached_content',
  'labels',
  'serviceTier',
  'store',
])

export function checkGeminiRequest(body: Fields): void {
  const unknown = Object.keys(body).find((key) => !known.has(key))
  if (unknown !== undefined) {
    throw refusal(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`)
  }
  const { contents } = body
  if (contents !== undefined && !Array.isArray(contents)) throw invalid('contents', 'a list', contents)
  if (contents === undefined || contents.length === 0) {
    throw refusal('* GenerateContentRequest.contents: contents is not specified')
  }
  for (const [index, content] of contents.entries()) checkContent(content, `contents[${index}]`)
  checkFunctionTurns(contents as Fields[])
  checkTools(body['tools'])
  const config = body['generationConfig'] ?? body['generation_config']
  if (config !== undefined && !isFields(config)) throw invalid('generation_config', 'an object', config)
  const system = body['systemInstruction'] ?? body['system_instruction']
  if (system !== undefined) checkContent(system, 'system_instruction', ['user', 'system', 'model'])
}

function checkTools(tools: unknown): void {
  if (tools === undefined) return
  if (!Array.isArray(tools)) throw invalid('tools', 'a list', tools)
  for (const tool of recordsIn(tools)) {
    for (const declared of recordsIn(tool['functionDeclarations'] ?? tool['function_declarations'])) {
      const name = stringIn(declared['name'])
      if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(name)) {
        throw refusal(
          `Invalid function name "${name}". Must start with a letter or an underscore, at most 64 characters.`,
        )
      }
    }
  }
}
