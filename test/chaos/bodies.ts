// Answers of all seven wires as bytes, written by the simulator: what chaos is done to.
import { createSimulator, type Script } from '../../src/simulator/index.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

export interface Body {
  wire: Wire
  name: string
  contentType: string
  bytes: Uint8Array
}

const story = Array.from(
  { length: 70 },
  (_, at) => [` word${at}`, ' 语言', ' 🌍', '\n', ' "q"', ' {', '\\'][at % 7] ?? '',
)
const weather = { name: 'weather', input: { city: 'Rome', days: [1, 2, { deep: 'é"\\' }] } }
/** What the models of these names say. */
export const scripts: Record<string, Script> = {
  word: { text: 'Hi' },
  text: { text: 'Hello, 🌍! How are you today? «Fine», she said.' },
  story: { text: story },
  thinking: { thinking: ['Hm', ', two', ' and two'], text: ['Four', '.'] },
  call: { toolCalls: [weather] },
  calls: { text: 'I look.', toolCalls: [weather, { name: 'time', input: {} }] },
  long: { thinking: story, text: story, toolCalls: [weather] },
  length: { text: ['cut', ' off'], finish: 'length' },
}

/** Every script on every wire; the same bytes in every run. */
export async function recordedBodies(): Promise<Body[]> {
  await using simulated = createSimulator({ models: scripts, requireKey: false, now: () => new Date(1e12) })
  const bodies: Body[] = []
  for (const wire of wires) {
    for (const name of Object.keys(scripts)) {
      const fetch = async (request: Request) => {
        const response = await simulated.fetch(request)
        const bytes = new Uint8Array(await response.arrayBuffer())
        bodies.push({ wire, name, contentType: response.headers.get('content-type') ?? '', bytes })
        return new Response(bytes, response)
      }
      const response = await wrapperFor(wire, { modelName: name, fetch, baseUrl: simulated.baseUrl(wire) }).call([
        { role: 'user', content: 'Hi' },
      ])
      await response.getText()
      if (response.ending?.complete !== true) throw new Error(`${wire} ${name} is not complete undamaged`)
    }
  }
  return bodies
}

const finishes: Record<Wire, RegExp> = {
  openai: /"finish_reason":\s*(?!null[\s,}])|\[DONE\]/,
  zhipuai: /"finish_reason":\s*(?!null[\s,}])|\[DONE\]/,
  litellm: /"finish_reason":\s*(?!null[\s,}])|\[DONE\]/,
  dashscope: /"finish_reason":\s*(?!"null")/,
  gemini: /"finishReason":|"blockReason":/,
  anthropic: /"stop_reason":\s*(?!null[\s,}])|message_stop/,
  ollama: /"done":\s*(?!false[\s,}])/,
}

/** Whether these bytes could be an answer that is over: they hold a finish reason, or an end mark. */
export function holdsFinish(wire: Wire, text: string): boolean {
  return finishes[wire].test(text)
}
