import { describe, expect, test } from 'vitest'
import { anew, loopback, stockRun } from './loopback.ts'

const text = (said: string) => [{ type: 'text', text: said }]
const unknownRun = { ...stockRun, id: 'nobody' }

describe('the traffic of a stock v1 program', () => {
  test('streams into its run as deltas, message by message', async () => {
    await using studio = await loopback()
    expect(await studio.call('registerRun', stockRun)).toEqual({ status: 200, body: { result: {} } })
    const asked = { id: 'm_0', name: 'Ann', role: 'user', content: text('Weather?') }
    await studio.push(asked, { replyId: 'rp_0', replyName: 'Ann', replyRole: 'user' })
    for (const said of ['Hello', 'Hello wor', 'Hello world']) await studio.push({ id: 'm_1', content: text(said) })
    const call = { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Hangzhou' } }
    await studio.push({ id: 'm_1', content: [...text('Hello world'), call] })
    const result = { type: 'tool_result', id: 'c1', name: 'weather', output: [{ type: 'text', text: 'Sunny' }] }
    await studio.push({ id: 'm_2', name: 'system', role: 'system', content: [result] })
    await studio.push({ id: 'm_3', content: text('It is sunny.') })

    const messages = await studio.messages('run_7f3a')
    expect([...messages.values()].map(({ id, name, role, ending }) => [id, name, role, ending?.reason])).toEqual([
      ['m_0', 'Ann', 'user', 'stop'],
      ['m_1', 'Friday', 'assistant', 'tool-calls'],
      ['m_2', 'system', 'system', 'stop'],
      // Nothing tells that this was its last push.
      ['m_3', 'Friday', 'assistant', undefined],
    ])
    expect(messages.get('m_1')?.content).toMatchObject([{ text: 'Hello world' }, { input: { city: 'Hangzhou' } }])
    const deltas = (await studio.events('run_7f3a')).flatMap((event) => ('delta' in event ? [event.delta] : []))
    expect(deltas.slice(1, 4)).toEqual(['Hello', ' wor', 'ld'])
  })

  test('tells what is known of the run, and who speaks', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    await studio.push({ id: 'm_2', name: 'system', role: 'system', content: text('x') })
    const [run, spoken] = await studio.records('run_7f3a')
    expect(run).toMatchObject({
      type: 'run',
      run: {
        id: 'run_7f3a',
        project: 'travel-bot',
        name: 'demo',
        pid: 4242,
        status: 'running',
        program: 'agentscope-python',
      },
    })
    expect(spoken).toMatchObject({
      speaker: { name: 'Friday' },
      event: { name: 'system', role: 'system', replyId: 'rp_1' },
    })
  })

  test('tools that answer at once do not end each other', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    const answer = (id: string, output: string) => ({
      id,
      name: 'system',
      role: 'system',
      content: [{ type: 'tool_result', id: `call-${id}`, name: 't', output }],
    })
    for (const said of ['1', '12', '123']) for (const id of ['a', 'b']) await studio.push(answer(id, said))
    const events = await studio.events('run_7f3a')
    expect(events.filter(({ type }) => type === 'message-start')).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'notice')).toEqual([])
  })

  test('two agents of one name that speak at once both keep every word', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    for (let at = 1; at <= 20; at += 1) {
      for (const id of ['a', 'b']) await studio.push({ id, content: text(id.repeat(at)) }, { replyId: `reply-${id}` })
    }
    const messages = await studio.messages('run_7f3a')
    expect([messages.get('a')?.content, messages.get('b')?.content]).toEqual([
      text('a'.repeat(20)),
      text('b'.repeat(20)),
    ])
  })

  test('speech beside the text is told of once and changes nothing', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    const speech = { type: 'audio', source: { type: 'base64', media_type: 'audio/wav', data: 'AAAA' } }
    await studio.push({ id: 'm', content: text('Hi') }, { speech })
    await studio.push({ id: 'm', content: text('Hi!') }, { speech: [speech] })
    const notices = (await studio.events('run_7f3a')).filter(({ type }) => type === 'notice')
    expect(notices).toMatchObject([{ kind: 'skipped' }])
  })

  test('goes on where it was when Studio is started anew', async () => {
    await using first = await loopback()
    await first.call('registerRun', stockRun)
    await first.push({ id: 'm', content: text('Hello') })
    await using second = await loopback({ journals: anew(first.journals) })
    expect(await second.push({ id: 'm', content: text('Hello, you') })).toMatchObject({ status: 200 })
    const events = await second.events('run_7f3a')
    expect(events.map((event) => ('delta' in event ? event.delta : event.type))).toEqual([
      'message-start',
      'block-start',
      'Hello',
      ', you',
    ])
  })
})

test('a program goes on when somebody deletes its run: the run begins again', async () => {
  await using studio = await loopback()
  await studio.call('registerRun', stockRun)
  await studio.push({ id: 'm', content: text('Hello') })
  await studio.journals.delete('run_7f3a')
  expect(await studio.push({ id: 'm', content: text('Hello, you') })).toMatchObject({ status: 200 })
  expect((await studio.records('run_7f3a'))[0]).toMatchObject({ run: { project: 'travel-bot', status: 'running' } })
  expect((await studio.messages('run_7f3a')).get('m')?.content).toEqual(text('Hello, you'))
})

describe('the traffic of a v0.1.6 program', () => {
  test('is understood with its old fields', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', { ...stockRun, run_dir: null })
    const old = { runId: 'run_7f3a', replyId: null, name: null, role: 'assistant' }
    const msg = { id: 'm', name: 'Bob', role: 'assistant', metadata: null, timestamp: '2025-01-01 00:00:00' }
    for (const content of ['Hi', 'Hi there']) await studio.call('pushMessage', { ...old, msg: { ...msg, content } })
    const [, first] = await studio.records('run_7f3a')
    expect(first).toMatchObject({ speaker: { name: 'Bob' }, event: { type: 'message-start', replyId: 'm' } })
    expect((await studio.messages('run_7f3a')).get('m')?.content).toEqual(text('Hi there'))
  })

  test('tells of its models', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    const invocation = {
      id: 'i',
      runId: 'run_7f3a',
      timestamp: '2025-01-01 00:00:00',
      modelName: 'qwen-max',
      modelType: 'dashscope_chat',
      configName: 'mine',
      arguments: { messages: [{ role: 'user', content: 'Hi' }], temperature: 0 },
      response: { choices: [{ message: { role: 'assistant', content: 'Hello' } }] },
      usage: { type: 'chat', usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
    }
    expect((await studio.call('pushModelInvocation', invocation)).status).toBe(200)
    expect((await studio.records('run_7f3a')).at(-1)).toMatchObject({
      type: 'invocation',
      invocation: {
        model: { modelName: 'qwen-max' },
        messages: [{ content: 'Hi' }],
        options: { temperature: 0 },
        response: { content: 'Hello', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } },
      },
    })
  })
})

describe('what cannot be taken', () => {
  const msg = { id: 'm', name: 'F', role: 'assistant', content: 'x' }
  test.each<[string, string, unknown, number, string]>([
    ['a run without an id', 'registerRun', { project: 'p' }, 400, 'BAD_REQUEST'],
    ['an id with a line break', 'registerRun', { id: 'a\nb' }, 400, 'BAD_REQUEST'],
    ['a list for a body', 'registerRun', [], 400, 'BAD_REQUEST'],
    ['a push to a run that nobody registered', 'pushMessage', { runId: unknownRun.id, msg }, 400, 'BAD_REQUEST'],
    ['a push without a message', 'pushMessage', { runId: 'run_7f3a' }, 400, 'BAD_REQUEST'],
    ['a role that is none', 'pushMessage', { runId: 'run_7f3a', msg: { ...msg, role: 'boss' } }, 400, 'BAD_REQUEST'],
    ['content that is a number', 'pushMessage', { runId: 'run_7f3a', msg: { ...msg, content: 1 } }, 400, 'BAD_REQUEST'],
    [
      'a schema that is a text',
      'requestUserInput',
      { runId: 'run_7f3a', requestId: 'q', structuredInput: 'x' },
      400,
      'BAD_REQUEST',
    ],
    ["Friday's procedure", 'pushMessageToFridayApp', {}, 404, 'NOT_FOUND'],
    ['a name that objects have', 'constructor', {}, 404, 'NOT_FOUND'],
  ])('%s is refused in the words of tRPC', async (_, procedure, body, status, code) => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    const answer = await studio.call(procedure, body)
    expect(answer).toMatchObject({
      status,
      body: { error: { message: expect.stringMatching(/\w/), data: { code, httpStatus: status, path: procedure } } },
    })
  })

  test.each<[string, RequestInit, number]>([
    ['a form', { method: 'POST', body: new URLSearchParams('a=1') }, 415],
    ['no JSON', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400],
    [
      'JSON a thousand levels deep',
      { method: 'POST', body: '['.repeat(1000), headers: { 'content-type': 'application/json' } },
      400,
    ],
    [
      '11 MB',
      { method: 'POST', body: `"${'x'.repeat(11 * 1024 * 1024)}"`, headers: { 'content-type': 'application/json' } },
      413,
    ],
    ['a GET', {}, 405],
  ])('%s is answered, and the server lives', async (_, request, status) => {
    await using studio = await loopback()
    const response = await fetch(`${studio.url}/trpc/registerRun`, request)
    expect([response.status, (await response.json()) as unknown]).toMatchObject([
      status,
      { error: { data: { httpStatus: status } } },
    ])
    expect((await studio.call('registerRun', stockRun)).status).toBe(200)
  })
})
