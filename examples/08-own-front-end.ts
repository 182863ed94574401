// Lesson 8: a front end of your own. The reply goes to the browser as server-sent events, word by word.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import {
  applyEvent,
  createScope,
  DialogAgent,
  Msg,
  OpenAIChatWrapper,
  readEventSse,
  sseResponse,
  textOf,
} from 'agentscope'

const model = new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true })
// A scope of its own, without a terminal: only whoever asked sees the answer.
const scope = createScope()

// Every event is small, plain JSON, and this page needs two kinds of them. The frame `end` says that nothing was lost.
const page = `<!doctype html><meta charset="utf-8"><title>Friday</title>
<form><input name="text" value="Tell me a story." autofocus> <button>Ask</button></form><p></p>
<script>
const words = document.querySelector('p')
const source = new EventSource('/say' + location.search)
source.onmessage = ({ data }) => {
  const event = JSON.parse(data)
  if (event.type === 'text-delta') words.append(event.delta)
  if (event.type === 'message-end' && !event.ending.complete) words.append(' [' + event.ending.reason + ']')
}
source.addEventListener('end', () => source.close())
</script>`

/** When the browser goes away, `pipeline` cancels the body, and that stops the agent and its model. */
async function say(text: string, response: ServerResponse): Promise<void> {
  const friday = new DialogAgent({ name: 'Friday', sysPrompt: 'You are Friday.', model, scope })
  const { headers, body } = sseResponse(friday.stream(new Msg('You', text, 'user')))
  response.writeHead(200, Object.fromEntries(headers))
  await pipeline(Readable.fromWeb(body as ReadableStream), response).catch(() => undefined)
}

const once = process.argv.includes('--once')
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === '/say') say(searchParams.get('text') ?? 'Hello!', response)
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
})
await new Promise<void>((ready) => server.listen(once ? 0 : 8080, '127.0.0.1', ready))
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
console.log(`Open ${address}`)
if (once) {
  // What the page does, as a program: `applyEvent` folds the events into the very message that the agent remembers.
  let message: Msg | undefined
  for await (const event of readEventSse(await fetch(`${address}say?text=Hello!`))) message = applyEvent(message, event)
  console.log(`${message?.name}: ${message && textOf(message)} (${message?.ending?.reason})`)
  server.close()
}
