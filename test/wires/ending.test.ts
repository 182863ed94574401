// Table A of the wire requirements over real sockets: what each wire's bytes and its close say about the ending.
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Ending } from '../../src/core/ending.ts'
import { decoded, served } from '../suites/decode.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { wireServer } from '../suites/wire-server.ts'
import { dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

/** How a socket can end: by itself, or by a reset that comes once the client has seen all that was said. */
const closes = ['a clean close', 'a reset'] as const

async function endingOf(wire: Wire, body: string, close: (typeof closes)[number]): Promise<Ending | undefined> {
  const { contentType } = words[wire]
  if (close === 'a clean close') return (await served(wire, { contentType, body })).response.ending
  const heard = gate()
  const play = async (to: ServerResponse) => {
    to.write(body)
    await heard.opened
    to.socket?.resetAndDestroy()
  }
  await using server = await wireServer({ contentType, body: play as never })
  const fetch = async (request: Request) => tapped(await globalThis.fetch(request), body.length, heard.open)
  const { response } = await decoded(wrapperFor(wire, { baseUrl: server.url, fetch }))
  return response.ending
}

/** The same response; calls back when that many bytes have been handed on. */
function tapped(response: Response, length: number, heard: () => void): Response {
  let passed = 0
  const tap = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      passed += chunk.length
      controller.enqueue(chunk)
      if (passed >= length) heard()
    },
  })
  if (length === 0) heard()
  return new Response(response.body?.pipeThrough(tap), response)
}

describe.each(dialectWires)('%s', (wire) => {
  const { open, text, finish, marker } = words[wire]
  const said = open + text('kept')
  const finished = wire === 'ollama' ? said + marker : said + finish

  test.each(closes)('row 1 and 2: a real finish reason, no end mark, %s: complete', async (close) => {
    const ending = await endingOf(wire, finished, close)
    expect(ending).toMatchObject({ reason: 'stop', complete: true })
    const doneByItself = wire === 'ollama' || close === 'a clean close'
    expect(ending?.note).toBe(doneByItself ? undefined : 'uncleanClose')
  })

  test('row 1: a real finish reason, the end mark, a clean close: complete without a note', async () => {
    const raw = { openai: 'stop', dashscope: 'stop', gemini: 'STOP', anthropic: 'end_turn', ollama: 'stop' }[wire]
    expect(await endingOf(wire, said + finish + marker, 'a clean close')).toEqual({
      reason: 'stop',
      complete: true,
      raw,
    })
  })

  test('row 4: no finish reason, no end mark, a clean close after content: truncated', async () => {
    expect(await endingOf(wire, said, 'a clean close')).toMatchObject({ reason: 'truncated', complete: false })
  })

  test('row 5: the same without content: failed, and the same request may succeed later', async () => {
    const ending = await endingOf(wire, open, 'a clean close')
    expect(ending).toMatchObject({ reason: 'error', complete: false, error: { retryable: true } })
  })

  test('row 5: an empty body is no answer', async () => {
    const ending = await endingOf(wire, '', 'a clean close')
    expect(ending).toMatchObject({ reason: 'error', complete: false, error: { code: 'EMPTY', retryable: true } })
  })

  test('row 6: a reset before any finish: truncated, and the cause is kept', async () => {
    const ending = await endingOf(wire, said, 'a reset')
    expect(ending).toMatchObject({ reason: 'truncated', complete: false, error: { code: 'ECONNRESET' } })
    expect(ending?.error?.message).not.toContain('process')
  })

  test('row 6: a frame that is cut in its middle is not taken for a whole one', async () => {
    const { response } = await served(wire, {
      contentType: words[wire].contentType,
      body: said + text('lost in the grass').slice(0, -9),
    })
    expect(response.text).toBe('kept')
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false })
    expect(response.error?.received).toContain('lost')
  })
})

const call = (name: string, input: string) =>
  `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"${name}","arguments":${JSON.stringify(input)}}}]}}]}\n\n`
const finish = (reason: string) => `data: {"choices":[{"delta":{},"finish_reason":${JSON.stringify(reason)}}]}\n\n`
const use = (input: string) =>
  `data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"water","input":{}}}\n\n` +
  `data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":${JSON.stringify(input)}}}\n\n`
const stop = (reason: string) =>
  `data: {"type":"content_block_stop","index":0}\n\ndata: {"type":"message_delta","delta":{"stop_reason":"${reason}"}}\n\n`

test.each([
  ['openai', 'tool_calls', call('water', '{"bed":') + finish('tool_calls')],
  ['openai', 'stop', call('water', '{"bed":') + finish('stop')],
  ['anthropic', 'tool_use', use('{"bed":') + stop('tool_use')],
] as const)(
  'row 7: %s: a call whose JSON is not closed has no input, although the reason is %s',
  async (wire, _, body) => {
    const { response, events } = await served(wire, { body })
    expect(response.toolCalls).toMatchObject([{ name: 'water', input: undefined, rawInput: '{"bed":' }])
    expect(response.ending).toMatchObject({ reason: 'tool-calls', note: 'truncatedToolCall' })
    expect(events.find(({ type }) => type === 'block-end')).toMatchObject({ incomplete: true })
  },
)

test.each([
  ['openai', call('water', '{"bed":') + finish('length')],
  ['anthropic', use('{"bed":') + stop('max_tokens')],
] as const)(
  'row 8: %s: length with an open call is complete as text, and the call has no input',
  async (wire, body) => {
    const { response } = await served(wire, { body })
    expect(response.ending).toMatchObject({ reason: 'length', complete: true, note: 'truncatedToolCall' })
    expect(response.toolCalls[0]?.input).toBeUndefined()
  },
)

test.each([
  ['openai', call('water', '{"bed":3}') + finish('length')],
  ['anthropic', use('{"bed":3}') + stop('max_tokens')],
] as const)(
  "row 8: %s: length with a closed call keeps its input; whether it runs is the ending's to say",
  async (wire, body) => {
    const { response } = await served(wire, { body })
    expect(response.ending).toMatchObject({ reason: 'length', complete: true })
    expect(response.toolCalls[0]?.input).toEqual({ bed: 3 })
  },
)
