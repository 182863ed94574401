// A process of its own, so that its global dispatcher cannot leak into other tests: what does a call hand to it?
import { wireServer } from '../suites/wire-server.ts'
import { answerOf } from '../suites/wire-words.ts'
import { wrapperFor } from '../suites/wrappers.ts'

type Options = Record<string, unknown>
interface Dispatcher {
  dispatch(options: Options, handler: unknown): boolean
}

const place = Symbol.for('undici.globalDispatcher.1')
const processWide = globalThis as unknown as Record<symbol, Dispatcher>
await using server = await wireServer({ body: answerOf('openai', 'well') })
// Node makes its own dispatcher with the first use of `fetch`.
await fetch(server.url, { method: 'POST', body: '{}' }).then((response) => response.text())

const own = processWide[place] as Dispatcher
const dispatched: Options[] = []
const asProxy = process.argv[2] === 'proxy'
processWide[place] = {
  dispatch(options, handler) {
    const { method, origin, path, headersTimeout, bodyTimeout } = options
    dispatched.push({ method, origin: String(origin), path, headersTimeout, bodyTimeout })
    return own.dispatch(asProxy ? { ...options, origin: server.url } : options, handler)
  },
}
const baseUrl = asProxy ? 'http://api.garden.invalid/v1' : server.url
const response = await wrapperFor('openai', { baseUrl }).call([{ role: 'user', content: 'Hi' }])
console.log(JSON.stringify({ text: await response.getText(), dispatched }))
