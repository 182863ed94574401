// The hand-written floor: fetch, TextDecoder, indexOf, JSON.parse, append the text. Nobody would ship it.
import type { Ask, Client, Hear } from './client.ts'
import { type Wire, wires } from './frames.ts'

/** The few fields that the floor reads, whatever the wire; nothing is checked. */
interface Value {
  choices: [{ delta: { content?: string } }?]
  type: string
  delta: { text: string }
  candidates: [{ content: { parts: [{ text: string }] } }]
  message: { content: string }
  output: { choices: [{ message: { content: string } }] }
}

const textIn: Record<Wire, (value: Value) => string> = {
  openai: (value) => value.choices[0]?.delta.content ?? '',
  anthropic: (value) => (value.type === 'content_block_delta' ? value.delta.text : ''),
  gemini: (value) => value.candidates[0].content.parts[0].text,
  ollama: (value) => value.message.content,
  dashscope: (value) => value.output.choices[0].message.content,
}

export const request = JSON.stringify({
  model: 'bench',
  stream: true,
  messages: [{ role: 'user', content: 'Say something long.' }],
})

const open =
  (wire: Wire) =>
  (base: string): Ask<Hear> =>
  (hear) =>
    floor(wire, base, hear)

export const client: Client = { text: Object.fromEntries(wires.map((wire) => [wire, open(wire)])) }

/** Asks, and calls back with each piece of text as it comes. Resolves with all the text. */
export async function floor(wire: Wire, base: string, hear: Hear): Promise<string> {
  const read = textIn[wire]
  const prefix = wire === 'ollama' ? '' : 'data:'
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${base}/chat`, { method: 'POST', headers, body: request })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let text = ''
  let rest = ''
  for (let read_ = await reader.read(); !read_.done; read_ = await reader.read()) {
    rest += decoder.decode(read_.value, { stream: true })
    let start = 0
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
      const line = rest.slice(start, end)
      start = end + 1
      if (line.length < 3 || !line.startsWith(prefix) || line === 'data: [DONE]') continue
      const piece = read(JSON.parse(prefix === '' ? line : line.slice(5)) as Value)
      if (piece === '') continue
      text += piece
      const leaving = hear(piece)
      if (leaving === undefined) continue
      await leaving
      await reader.cancel()
      return text
    }
    rest = rest.slice(start)
  }
  return text
}
