// Which wire a server speaks, found by asking: an empty question at each place where an answer would be given.
import { type Answer, type Asker, isWebPage, jsonIn, Unreachable } from './asking.ts'
import { type WireName, wires } from './wires.ts'

/** In this order: what lies at the address itself goes before what lies behind a version. */
export const places: readonly (readonly [WireName, suffix: string])[] = [
  ['openai', ''],
  ['ollama', ''],
  ['dashscope', ''],
  ['gemini', ''],
  ['openai', '/v1'],
  ['anthropic', ''],
  ['dashscope', '/api/v1'],
  ['gemini', '/v1beta'],
]

export interface Place {
  readonly wire: WireName
  /** What the wrapper takes. */
  readonly baseUrl: string
}

/** @throws Unreachable when nobody answers, or nobody in words of a model's server; Spent. */
export async function findWire(address: string, asker: Asker): Promise<Place> {
  let isPage = false
  for (const [name, suffix] of places) {
    const baseUrl = address + suffix
    const answer = await asker.ask(baseUrl + wires[name].path, wires[name], {})
    isPage ||= isWebPage(answer)
    if (answersThere(answer)) return { wire: isLiteLLM(answer) ? 'litellm' : name, baseUrl }
  }
  throw new Unreachable(
    isPage
      ? 'A web page answers there, not the API of a model.'
      : 'No wire that is known answers there; --wire names one.',
  )
}

/** A refusal is an answer: the question was empty. A 404 counts when it is about the model and not about the place. */
function answersThere(answer: Answer): boolean {
  const { status, text } = answer
  if (isWebPage(answer) || (status >= 300 && status < 400) || status === 405 || status === 501) return false
  if (status !== 404) return status < 502 || jsonIn(text) !== undefined
  return jsonIn(text) !== undefined && /model[^"]{0,80}(not found|does not exist|not exist)|model_not_found/i.test(text)
}

export function isLiteLLM({ headers }: Pick<Answer, 'headers'>): boolean {
  return [...headers.keys()].some((name) => name.startsWith('x-litellm-'))
}
