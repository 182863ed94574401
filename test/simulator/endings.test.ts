import { expect, test } from 'vitest'
import { createSimulator, type Script, simulator, type WireName } from '../../src/simulator/index.ts'
import { eventsIn, requestTo, saidIn, wireNames } from './ask.ts'

/** What the end of an answer looks like when the provider says that it is done. */
const endMarks: Record<WireName, RegExp> = {
  openai: /data: \[DONE\]\n\n$/,
  litellm: /data: \[DONE\]\n\n$/,
  zhipuai: /data: \[DONE\]\n\n$/,
  dashscope: /"finish_reason":"stop"/,
  gemini: /"finishReason":"STOP"/,
  ollama: /"done":true/,
  anthropic: /message_stop/,
}

/** A failure behind one delta, as it stands on each wire. */
const failures: Record<WireName, RegExp> = {
  openai: /\n\ndata: \{"error":\{"message":"Boom","type":"server_error","param":null,"code":null\}\}\n\n$/,
  litellm: /\n\ndata: \{"error":\{"message":"Boom","type":null,"param":null,"code":"503"\}\}\n\ndata: \[DONE\]\n\n$/,
  zhipuai: /\n\ndata: \{"error":\{"code":"503","message":"Boom"\}\}\n\n$/,
  dashscope:
    /\n\nid:2\nevent:error\n:HTTP_STATUS\/503\ndata:\{"code":"ModelUnavailable","message":"Boom","request_id":"[^"]+"\}\n\n$/,
  gemini: /\r\n\r\ndata: \{"error":\{"code":503,"message":"Boom","status":"UNAVAILABLE"\}\}\r\n\r\n$/,
  ollama: /\n\{"error":"Boom"\}\n$/,
  anthropic: /\n\nevent: error\ndata: \{"type":"error","error":\{"type":"overloaded_error","message":"Boom"\}\}\n\n$/,
}

async function streamed(wire: WireName, script: Script): Promise<Response> {
  const sim = createSimulator({ models: { m: script } })
  return await sim.fetch(requestTo(sim, wire))
}

test.each(wireNames)('%s fails inside a 200 after the deltas that were said', async (wire) => {
  const script = { text: ['Hel', 'lo'], error: { message: 'Boom', status: 503, after: 1 } }
  const response = await streamed(wire, script)
  const body = await response.text()
  expect([response.status, body]).toEqual([200, expect.stringMatching(failures[wire])])
  expect(body).toContain('Hel')
  expect(body).not.toContain('lo"')
})

test.each(wireNames)('%s can fail as the very first thing inside a 200', async (wire) => {
  const body = await (await streamed(wire, { text: 'Hello', error: { message: 'Boom', after: 0 } })).text()
  expect(body).toContain('Boom')
  expect(wire === 'ollama' ? body.trimEnd().split('\n').length : eventsIn(body).length).toBe(wire === 'litellm' ? 2 : 1)
})

test.each(wireNames)('%s leaves the end marks out when it is cut, and the body ends cleanly', async (wire) => {
  const whole = await (await streamed(wire, { text: ['Hel', 'lo'] })).text()
  expect(whole).toMatch(endMarks[wire])
  const cut = await (await streamed(wire, { text: ['Hel', 'lo'], end: 'cut' })).text()
  expect(cut).toContain('lo')
  expect(cut).not.toMatch(endMarks[wire])
})

async function readUntilBroken(response: Response): Promise<{ text: string; error: Error & { cause?: unknown } }> {
  let text = ''
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk
  } catch (error) {
    return { text, error: error as Error }
  }
  throw new Error('The body ended cleanly.')
}

test.each(['socket', 'fetch'] as const)(
  'a reset by %s breaks the body, and what was said before has arrived',
  async (way) => {
    await using sim = await simulator({ models: { m: { text: ['Hel', 'lo'], end: 'reset' } } })
    const request = requestTo(sim, 'ollama')
    const { text, error } = await readUntilBroken(await (way === 'fetch' ? sim.fetch(request) : fetch(request)))
    expect(text).toContain('"lo"')
    expect(error.cause).toMatchObject({ code: 'ECONNRESET' })
    expect(sim.requests[0]?.aborted).toBe(false)
  },
)

test('silence keeps the connection open until the client leaves', async () => {
  await using sim = await simulator({ models: { m: { text: ['Hel', 'lo'], end: 'silence' } } })
  const client = new AbortController()
  const response = await fetch(requestTo(sim, 'openai', {}, client.signal))
  const request = await sim.nextRequest()
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('"lo"')) text += (await reader.read()).value
  expect(request.closedAfterMs).toBeUndefined()
  client.abort()
  await request.closed
  expect(request.aborted).toBe(true)
  await expect(reader.read()).rejects.toThrow()
})

test('silence can end by itself, as a cut body', async () => {
  const body = await (await streamed('openai', { text: ['Hello'], end: 'silence', silenceMs: 5 })).text()
  expect(body).toContain('Hello')
  expect(body).not.toContain('[DONE]')
})

test('the first calls are refused with when to come back, then the answer comes', async () => {
  const failFirst = { times: 2, status: 429, retryAfterMs: 1500 }
  const sim = createSimulator({ models: { m: { text: 'Hello', failFirst } } })
  for (const _ of [1, 2]) {
    const refused = await sim.fetch(requestTo(sim, 'openai'))
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('retry-after-ms')]).toEqual([
      429,
      '2',
      '1500',
    ])
  }
  const answers = await Promise.all([sim.fetch(requestTo(sim, 'openai')), sim.fetch(requestTo(sim, 'openai'))])
  expect(answers.map((answer) => answer.status)).toEqual([200, 200])
})

test('a list answers call by call, its last script again and again, each with its own refusals', async () => {
  const failFirst = { times: 1, status: 503 }
  const sim = createSimulator({ models: { m: [{ text: ['one'] }, { text: ['two'], failFirst }] } })
  const said: string[] = []
  for (let call = 0; call < 4; call++) {
    const response = await sim.fetch(requestTo(sim, 'openai'))
    said.push(response.status === 200 ? saidIn.openai(await response.text()).text : String(response.status))
  }
  expect(said).toEqual(['one', '503', 'two', 'two'])
})

test.each(wireNames)('%s sends the headers of a script with its HTTP error too', async (wire) => {
  const headers = { 'Retry-After': '7', 'x-more': '1' }
  const response = await streamed(wire, { headers, error: { status: 429, message: 'Slow down.' } })
  expect([response.status, response.headers.get('retry-after'), response.headers.get('x-more')]).toEqual([
    429,
    '7',
    '1',
  ])
  expect(await response.text()).toContain('Slow down.')
})

test('half a tool call is cut inside its JSON', async () => {
  const toolCalls = [{ name: 'f', rawInput: '{"city":"Ro' }]
  const body = await (await streamed('anthropic', { toolCalls, end: 'cut' })).text()
  expect(saidIn.anthropic(body).calls).toMatchObject([{ name: 'f', input: '{"city":"Ro' }])
  expect(await (await streamed('gemini', { toolCalls })).text()).toContain('MALFORMED_FUNCTION_CALL')
})

test('headers never come from a model that never answers, and the client may leave', async () => {
  await using sim = await simulator({ models: { m: () => new Promise<never>(() => {}) } })
  const client = new AbortController()
  const asked = fetch(requestTo(sim, 'openai', {}, client.signal))
  const request = await sim.nextRequest()
  client.abort()
  await expect(asked).rejects.toThrow('aborted')
  await request.closed
  expect(request).toMatchObject({ aborted: true })
  expect(request.status).toBeUndefined()
})
