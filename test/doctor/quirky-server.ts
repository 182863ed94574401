// Examines a made server: a list of models, then the same reply to every question.
import { type ExamineOptions, examine, type Report } from '../../src/doctor/index.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'

const list: Reply = {
  contentType: 'application/json',
  body: '{"data":[{"id":"text-embed-1"},{"id":"m","max_model_len":8192}]}',
}

export async function examined(reply: Reply | null, options: ExamineOptions = {}): Promise<Report> {
  await using server = await wireServer(...(options.wire === 'dashscope' ? [] : [list]), reply)
  return await examine(server.url, { wire: 'openai', model: 'm', timeoutMs: 5000, ...options })
}

export const namesIn = (report: Report) => report.quirks.map(({ name }) => name)

export const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

/** One chunk of OpenAI's wire with one choice; more fields of the choice and of the chunk. */
export function chunk(delta: unknown, choice: object = {}, more: object = {}): string {
  return data({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, ...choice }], ...more })
}

export const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
export const opens = chunk({ role: 'assistant', content: '' })
export const hello = chunk({ content: 'Hello.' })
export const finish = chunk({}, { finish_reason: 'stop' })
export const counts = data({ id: 'c1', choices: [], usage })
export const done = 'data: [DONE]\n\n'

/** A reply as OpenAI gives it, with something in its middle. */
export const around = (middle: string) => opens + middle + finish + counts + done

/** Pieces of a tool call. */
export const calls = (...pieces: object[]) => pieces.map((piece) => chunk({ tool_calls: [piece] })).join('')
