// The models that a server lists, and how much each of them can read.
import { type Fields, fieldsOf, isFields, listOf } from '../core/kind.ts'
import { type Answer, type Asker, jsonIn } from './asking.ts'
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

export interface ModelsList {
  readonly models: readonly ListedModel[]
  /** What the server said; DashScope has no list and is not asked. */
  readonly answer?: Answer
}

/** One request at most. */
export async function listModels({ wire, baseUrl }: Place, asker: Asker): Promise<ModelsList> {
  if (wire === 'dashscope') return { models: [] }
  const answer = await asker.ask(baseUrl + (listPaths[wire] ?? '/models'), wires[wire])
  if (answer.status !== 200) return { models: [], answer }
  const value = fieldsOf(jsonIn(answer.text))
  const models = [...listOf(value['data']), ...listOf(value['models'])].filter(isFields).flatMap(modelIn)
  return { models, answer }
}

/** Why there is no model to ask, and what to do about it. */
export function withoutModel({ answer }: ModelsList, hasKey: boolean): { reason: string; advice: string } {
  const name = 'Name one with --model.'
  if (answer === undefined) return { reason: 'The server lists no models.', advice: name }
  const { status, text } = answer
  const said = wordsIn(text)
  const told = `(${status}${said === '' ? '' : `: ${said}`})`
  if (status === 401 || status === 403) {
    return hasKey
      ? { reason: `The key is refused ${told}.`, advice: 'Check the key, and that it is one for this server.' }
      : { reason: `The server wants a key ${told}.`, advice: 'Name the variable that holds it with --api-key-env.' }
  }
  if (status === 429 || status >= 500) {
    return { reason: `The server answers with an error ${told}.`, advice: 'Look into its own log, or try again later.' }
  }
  if (status === 200 && jsonIn(text) === undefined) {
    const what = text.trim() === '' ? 'an empty body' : 'something that is no JSON'
    const advice = `Check the address; when it is right: ${name}`
    return { reason: `The server answers the question for its models with ${what}.`, advice }
  }
  return { reason: `The server lists no models${status === 200 ? '' : ` ${told}`}.`, advice: name }
}

/** The words of an error, in the shapes in which servers send them. */
function wordsIn(text: string): string {
  const value = fieldsOf(jsonIn(text))
  const found = [fieldsOf(value['error'])['message'], value['error'], value['message'], value['detail']]
  const words = found.find((each) => typeof each === 'string')
  return typeof words === 'string' ? words.replace(/\s+/g, ' ').trim().slice(0, 200).replace(/\.$/, '') : ''
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
