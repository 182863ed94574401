// The models that a server lists, and how much each of them can read.
import { type Fields, fieldsOf, isFields, listOf } from '../core/kind.ts'
import { type Asker, jsonIn } from './asking.ts'
import type { Place } from './find-wire.ts'
import { wires } from './wires.ts'

export interface ListedModel {
  readonly name: string
  /** Tokens; absent when the server does not tell. */
  readonly contextLength?: number
}

const listPaths: Readonly<Record<string, string>> = { ollama: '/api/tags', anthropic: '/v1/models' }
/** In the words of vLLM, OpenRouter, Mistral, Groq, Gemini and LM Studio. */
const lengthFields = [
  'max_model_len',
  'context_length',
  'max_context_length',
  'context_window',
  'inputTokenLimit',
  'loaded_context_length',
]

/** Empty when there is no list. One request; DashScope has none and is not asked. */
export async function listModels({ wire, baseUrl }: Place, asker: Asker): Promise<ListedModel[]> {
  if (wire === 'dashscope') return []
  const { status, text } = await asker.ask(baseUrl + (listPaths[wire] ?? '/models'), wires[wire])
  if (status !== 200) return []
  const value = fieldsOf(jsonIn(text))
  return [...listOf(value['data']), ...listOf(value['models'])].filter(isFields).flatMap(modelIn)
}

/** llama.cpp lists the same model in two shapes; the first one tells more. */
function modelIn(entry: Fields, at: number, all: readonly Fields[]): ListedModel[] {
  const name = nameIn(entry)
  if (name === '' || all.findIndex((each) => nameIn(each) === name) !== at) return []
  const { n_ctx_train: trained } = fieldsOf(entry['meta'])
  const length = [...lengthFields.map((field) => entry[field]), trained].find((each) => typeof each === 'number')
  return [{ name, ...(typeof length === 'number' && { contextLength: length }) }]
}

function nameIn({ id, name, model }: Fields): string {
  const found = [id, name, model].find((each) => typeof each === 'string' && each !== '')
  return typeof found === 'string' ? found.replace(/^models\//, '') : ''
}

const noChat = /embed|whisper|tts|dall-e|image|rerank|moderation|bge-|sora|transcribe|realtime|audio|imagen|veo|aqa/i

/** The first that looks like one to talk to. */
export function talkingModel(models: readonly ListedModel[]): string | undefined {
  return models.find(({ name }) => !noChat.test(name))?.name ?? models[0]?.name
}

/** Ollama tells of a model only when asked for it: one request more. */
export async function ollamaContext({ baseUrl }: Place, model: string, asker: Asker): Promise<number | undefined> {
  const { status, text } = await asker.ask(`${baseUrl}/api/show`, wires.ollama, { model })
  if (status !== 200) return undefined
  const told = Object.entries(fieldsOf(fieldsOf(jsonIn(text))['model_info']))
  const length = told.find(([name]) => name.endsWith('.context_length'))?.[1]
  return typeof length === 'number' ? length : undefined
}
