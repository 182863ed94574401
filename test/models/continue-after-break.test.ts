// continueAfterBreak: the same model goes on where its answer broke, in one message, without gap or repeat.
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { bodyOf, breakable, brokenAt, goingOnWith } from '../suites/breaking-server.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { sse } from '../suites/every-cut.ts'
import { randomFrom } from '../suites/mutate.ts'
import { calls, delta, say } from '../suites/openai-chunks.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, type WireServer, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Tell me of the lighthouse.' }]
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const story =
  'The keeper of the old lighthouse counted ships by their lamps: two in spring, nineteen in June, and none at all ' +
  'when the ice came. He wrote each one down, in ink, with its hour and its colour — «grün», «белый», 赤い灯 🚢 — and he ' +
  'never missed a night. Nobody read his books. Still, on the last page, somebody had written: thank you.'

async function heard(server: WireServer, wire: Wire, options: Record<string, unknown> = {}) {
  const model = wrapperFor(wire, { baseUrl: server.url, continueAfterBreak: true, ...options })
  const response = await model.call(question)
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  checkEventLaws(events, response.message)
  const notices = events.filter((event) => event.type === 'notice')
  return { response, events, notices, kinds: notices.map(({ kind }) => kind) }
}

async function resumedAt(wire: Wire, at: number, end: Reply['end'], repeated: number) {
  const replies = [brokenAt(wire, bodyOf(wire, story, 9), at, end), goingOnWith(wire, () => server, story, repeated)]
  await using server: WireServer = await wireServer(...replies)
  const clocks = { stallMs: end === 'open' ? 60 : 120_000 }
  return { ...(await heard(server, wire, { clocks })), requests: server.received }
}

describe.each(dialectWires)('%s', (wire) => {
  const ways = { openai: 'words', gemini: 'words', dashscope: 'prefix', anthropic: 'prefix', ollama: 'prefix' }

  test(`20 random cuts give the whole answer, once (FUZZ_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const { from, to } = breakable(wire, story, 9)
    for (let round = 0; round < 20; round += 1) {
      const at = from + Math.floor(random() * (to - from))
      const end = round % 2 === 0 ? 'destroy' : 'end'
      const { response, notices, requests } = await resumedAt(wire, at, end, 3 + Math.floor(random() * 6))
      const where = `FUZZ_SEED=${seed}, round ${round}, byte ${at}`
      expect(response.text, where).toBe(story)
      expect(response.ending, where).toMatchObject({ complete: true })
      expect(notices, where).toMatchObject([{ kind: 'resumed', details: { way: ways[wire], attempt: 1 } }])
      expect(requests).toHaveLength(2)
      expect(response.message.content).toHaveLength(1)
    }
  })

  test('a stall is gone on with too, and the stalled connection is closed', async () => {
    const { from, to } = breakable(wire, story, 9)
    const { response, kinds, requests } = await resumedAt(wire, Math.floor((from + to) / 2), 'open', 4)
    expect(response.text).toBe(story)
    expect(kinds).toEqual(['resumed'])
    await requests[0]?.closed
  })

  test('without the option the honest ending stays', async () => {
    const { from } = breakable(wire, story, 9)
    await using server = await wireServer(brokenAt(wire, bodyOf(wire, story, 9), from + 400))
    const { response, kinds } = await heard(server, wire, { continueAfterBreak: false })
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false })
    expect(kinds).toEqual([])
    expect(server.received).toHaveLength(1)
  })

  test('a failure that the provider tells in the middle is gone on with as well', async () => {
    const { contentType, open, text, overloaded } = words[wire]
    const broken = { contentType, body: open + text('The keeper of the old ') + overloaded('Too busy.') }
    await using server: WireServer = await wireServer(
      broken,
      goingOnWith(wire, () => server, story, 9),
    )
    const { response, kinds } = await heard(server, wire)
    expect([response.text, kinds]).toEqual([story, ['resumed']])
  })
})

const usage = (input: number, output: number) => ({
  choices: [],
  usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
})
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`
const { contentType, open, text, finish, marker } = words.openai

describe('what is told of it', () => {
  test('usage is the sum, and the metadata has each attempt', async () => {
    const first = open + text('One two three ') + data(usage(10, 3))
    const second = open + text('four.') + finish + data(usage(14, 1)) + marker
    await using server = await wireServer({ contentType, body: first }, { contentType, body: second })
    const { response } = await heard(server, 'openai')
    expect(response.text).toBe('One two three four.')
    expect(response.usage).toMatchObject({ inputTokens: 24, outputTokens: 4, totalTokens: 28 })
    expect(response.metadata['attempts']).toMatchObject([
      { modelName: 'test-model', ending: { reason: 'truncated', complete: false }, usage: { outputTokens: 3 } },
      { way: 'words', ending: { reason: 'stop', complete: true }, usage: { outputTokens: 1 } },
    ])
    expect(response.message.metadata).toEqual(response.metadata)
  })

  test('the attempts are counted, and the ending is that of the last break', async () => {
    const broken = (piece: string) => ({ contentType, body: open + text(piece) })
    await using server = await wireServer(broken('one '), broken('two '), broken('three '), broken('four '))
    const { response, kinds } = await heard(server, 'openai', { continueAfterBreak: 2 })
    expect(response.text).toBe('one two three ')
    expect(kinds).toEqual(['resumed', 'resumed', 'not-resumed'])
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false })
    await expect(response.getText()).rejects.toMatchObject({ type: 'wire', partialText: 'one two three ' })
  })

  test('a refusal of the second request leaves the first ending, and says so', async () => {
    const refused = { status: 401, contentType: 'application/json', body: '{"error":{"message":"No."}}' }
    await using server = await wireServer({ contentType, body: open + text('half ') }, refused)
    const { response, notices } = await heard(server, 'openai')
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false, error: { type: 'wire' } })
    expect(notices).toMatchObject([{ kind: 'not-resumed', details: { error: { status: 401 } } }])
  })
})

describe('a request to go on that brings nothing', () => {
  const broken = { contentType, body: open + text('The quick brow') }
  const thinks = sse(delta({ reasoning_content: 'Hm.' }))
  const limit = sse({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] })

  test.each([
    ['only stops', finish],
    ['only thinks', thinks + finish],
    ['says white space', text(' \n') + finish],
    ['thinks to its limit', thinks + limit],
    ['fails for good', sse({ error: { message: 'No.', code: 401 } })],
  ])('and %s leaves half a sentence half, and says so', async (_, body) => {
    await using server = await wireServer(broken, { contentType, body: body + marker })
    const { response, kinds } = await heard(server, 'openai')
    expect(response.text?.trim()).toBe('The quick brow')
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false, error: { type: 'wire' } })
    expect(kinds).toEqual(['resumed', 'not-resumed'])
    expect(response.metadata['attempts']).toHaveLength(2)
    await expect(response.getText()).rejects.toMatchObject({ type: 'wire' })
  })

  test('nor does an echo of the given beginning finish it', async () => {
    const { contentType, open, text, finish, marker } = words.ollama
    const echo = { contentType, body: open + text('The quick ') + text('brow') + finish + marker }
    await using server = await wireServer({ contentType, body: open + text('The quick brow') }, echo)
    const { response } = await heard(server, 'ollama')
    expect([response.text, response.ending?.complete]).toEqual(['The quick brow', false])
  })

  test.each([
    ['one more letter', text('n'), 'The quick brown'],
    ['its last words again, as it was asked to', text('quick brow'), 'The quick brow'],
    ['a call of a tool', sse(calls({ index: 0, id: 'a', name: 'look', args: '{}' })), 'The quick brow'],
  ])('is none that says %s', async (_, body, whole) => {
    await using server = await wireServer(broken, { contentType, body: body + finish + marker })
    const { response, kinds } = await heard(server, 'openai')
    expect([response.text, response.ending?.complete, kinds]).toEqual([whole, true, ['resumed']])
  })
})

describe('it is not gone on with', () => {
  const never = async (body: string, options: Record<string, unknown> = {}) => {
    await using server = await wireServer({ contentType, body })
    return { ...(await heard(server, 'openai', options)), requests: server.received.length }
  }

  test('in the middle of a tool call, nor behind a whole one: the honest ending stays, and a notice says why', async () => {
    const cut = sse(say('Let me look. '), calls({ index: 0, id: 'a', name: 'look', args: '{"x":' }))
    const whole = sse(say('Let me look. '), calls({ index: 0, id: 'a', name: 'look', args: '{"x":1}' }))
    for (const body of [cut, whole]) {
      const { response, notices, requests } = await never(body)
      expect(requests).toBe(1)
      expect(response.ending).toMatchObject({ reason: 'truncated', complete: false })
      expect(notices).toMatchObject([{ kind: 'not-resumed', details: { obstacle: 'a tool call' } }])
    }
  })

  test('when a filter, a limit or a whole answer ended it', async () => {
    for (const reason of ['content_filter', 'length', 'stop']) {
      const done = { choices: [{ index: 0, delta: {}, finish_reason: reason }] }
      const { kinds, requests, response } = await never(sse(say('some'), done))
      expect([kinds, requests, response.ending?.complete]).toEqual([[], 1, true])
    }
  })

  test('when the user stopped it, and nothing goes out after that', async () => {
    const { from } = breakable('openai', story, 9)
    await using server = await wireServer(brokenAt('openai', bodyOf('openai', story, 9), from + 300, 'open'))
    const stop = new AbortController()
    const model = wrapperFor('openai', { baseUrl: server.url, continueAfterBreak: true })
    const response = await model.call(question, { signal: stop.signal })
    const events: StreamEvent[] = []
    for await (const event of response.events) {
      events.push(event)
      if (event.type === 'text-delta') stop.abort()
    }
    checkEventLaws(events, response.message)
    expect(response.ending).toMatchObject({ reason: 'aborted', error: { type: 'aborted' } })
    expect(server.received).toHaveLength(1)
  })
})

describe('thoughts', () => {
  test('that broke off before a word are kept, and the same question is asked again', async () => {
    const thought = sse(delta({ reasoning_content: 'Let me see, ' }))
    await using server = await wireServer(
      { contentType, body: thought },
      { contentType, body: answerOf('openai', 'Yes.') },
    )
    const { response, notices } = await heard(server, 'openai')
    expect([response.thinking, response.text]).toEqual(['Let me see, ', 'Yes.'])
    expect(notices).toMatchObject([{ kind: 'resumed', details: { way: 'again' } }])
    expect(server.received[1]?.body['messages']).toEqual(server.received[0]?.body['messages'])
  })

  test('before the words keep every server from being given the beginning: it is asked in words', async () => {
    const line = (message: object) =>
      `${JSON.stringify({ model: 'm', message: { role: 'assistant', ...message }, done: false })}\n`
    const first = {
      contentType: words.ollama.contentType,
      body: line({ thinking: 'Hm.' }) + line({ content: 'The keeper of the old ' }),
    }
    await using server: WireServer = await wireServer(
      first,
      goingOnWith('ollama', () => server, story, 9),
    )
    const { response, notices } = await heard(server, 'ollama')
    expect(response.text).toBe(story)
    expect(notices).toMatchObject([{ details: { way: 'words' } }])
  })
})

describe('the beginning of the answer is given by data', () => {
  const second = async (wire: Wire, options: Record<string, unknown>) => {
    const { contentType, open, text } = words[wire]
    const broken = { contentType, body: open + text('The keeper of the old ') }
    await using server: WireServer = await wireServer(
      broken,
      goingOnWith(wire, () => server, story, 9),
    )
    const { response } = await heard(server, wire, options)
    expect(response.text).toBe(story)
    return server.received[1]?.body as { messages: Record<string, unknown>[] } & Record<string, unknown>
  }

  test('with the mark that the option names', async () => {
    expect((await second('openai', { prefill: 'prefix' })).messages.at(-1)).toMatchObject({
      role: 'assistant',
      prefix: true,
    })
    expect((await second('openai', { prefill: 'partial' })).messages.at(-1)).toMatchObject({ partial: true })
    const vllm = await second('openai', { prefill: 'continue-final-message' })
    expect(vllm).toMatchObject({ continue_final_message: true, add_generation_prompt: false })
    expect((await second('openai', { prefill: 'none' })).messages.at(-1)).toMatchObject({ role: 'user' })
  })

  test('and never with thinking on, nor to a Claude that refuses it', async () => {
    const thinking = { thinking: { type: 'enabled', budget_tokens: 1024 } }
    expect((await second('anthropic', {})).messages.at(-1)).toMatchObject({ role: 'assistant' })
    expect((await second('anthropic', { generateArgs: thinking })).messages.at(-1)).toMatchObject({ role: 'user' })
    expect((await second('anthropic', { modelName: 'claude-opus-4-6' })).messages.at(-1)).toMatchObject({
      role: 'user',
    })
    expect((await second('anthropic', { modelName: 'claude-sonnet-4-5' })).messages.at(-1)).toMatchObject({
      role: 'assistant',
    })
  })
})
