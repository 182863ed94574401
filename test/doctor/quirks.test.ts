// Made servers, one for each quirk: the doctor finds it by its name, and judges it.
import { describe, expect, test } from 'vitest'
import type { QuirkName } from '../../src/doctor/index.ts'
import {
  around,
  calls,
  chunk,
  counts,
  data,
  done,
  examined,
  finish,
  hello,
  namesIn,
  opens,
  usage,
} from './quirky-server.ts'

const fine = around(hello)
const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '' } }
const argument = (text: unknown, more: object = {}) => ({ index: 0, function: { arguments: text }, ...more })
const city = '{"city": "Oslo"}'

const handled: [QuirkName, string][] = [
  ['crlf', fine.replaceAll('\n', '\r\n')],
  ['bare-cr', fine.replaceAll('\n', '\r')],
  ['byte-order-mark', `\ufeff${fine}`],
  ['comments', `: ping\n\n${fine}`],
  ['no-space', fine.replaceAll('data: ', 'data:')],
  ['id-lines', fine.replaceAll('data: ', 'id: 7\ndata: ')],
  ['event-lines', fine.replaceAll('data: ', 'event: message\ndata: ')],
  ['split-data', around(hello.replace('"choices"', '\ndata: "choices"'))],
  ['unterminated', opens + hello + finish.trimEnd()],
  ['empty-choices', data({ id: 'c1', choices: [], prompt_filter_results: [] }) + fine],
  ['no-choices', around(data({ object: 'ping' }) + hello)],
  ['null-choices', around(data({ id: 'c1', choices: null }) + hello)],
  ['no-delta', opens + hello + chunk(undefined, { finish_reason: 'stop' }) + counts + done],
  ['null-delta', opens + hello + chunk(null, { finish_reason: 'stop' }) + counts + done],
  ['role-never', hello + finish + counts + done],
  ['role-repeated', around(chunk({ role: 'assistant', content: 'Hel' }) + chunk({ role: 'assistant', content: 'lo' }))],
  ['odd-role', around(chunk({ role: '', content: 'Hello' }))],
  ['other-choice', around(hello + chunk({ content: 'Hi' }, { index: 1 }))],
  ['parts-content', around(chunk({ content: [{ type: 'text', text: 'Hello' }] }))],
  ['no-end-mark', opens + hello + finish + counts],
  ['finish-missing', opens + hello + counts + done],
  ['empty-finish', around(chunk({ content: 'Hello' }, { finish_reason: '' }))],
  [
    'early-finish',
    opens + chunk({ content: 'Hel' }, { finish_reason: 'stop' }) + chunk({ content: 'lo' }) + finish + done,
  ],
  ['finish-unknown', opens + hello + chunk({}, { finish_reason: 'tired' }) + counts + done],
  ['changing-id', around(hello.replace('c1', 'c2'))],
  ['usage-missing', opens + hello + finish + done],
  ['usage-everywhere', around(['H', 'e', 'y'].map((content) => chunk({ content }, {}, { usage })).join(''))],
  ['usage-in-choice', opens + hello + chunk({}, { finish_reason: 'stop', usage }) + done],
  ['reasoning-content', around(chunk({ reasoning_content: 'Hm.' }) + hello)],
  ['reasoning', around(chunk({ reasoning: 'Hm.', content: '' }) + hello)],
  ['reasoning-twice', around(chunk({ reasoning: 'Hm.', reasoning_content: 'Hm.' }) + hello)],
  ['null-tool-calls', around(chunk({ content: 'Hello', tool_calls: null }))],
  ['call-no-index', around(calls({ ...call, index: undefined, function: { name: 'get_weather', arguments: city } }))],
  ['call-same-index', around(calls(call, argument(city), { ...call, id: 'call_2' }, argument(city)))],
  ['call-index-from-1', around(calls({ ...call, index: 1 }, argument(city, { index: 1 })))],
  ['call-no-id', around(calls({ ...call, id: undefined }, argument(city)))],
  ['call-empty-id', around(calls(call, argument(city, { id: '' })))],
  ['call-id-repeated', around(calls(call, argument(city, { id: 'call_1' })))],
  ['call-name-repeated', around(calls(call, { index: 0, function: { name: 'get_weather', arguments: city } }))],
  ['call-arguments-first', around(calls(argument('{"city"', { id: 'call_1' }), call, argument(': "Oslo"}')))],
  ['call-arguments-object', around(calls({ ...call, function: { name: 'get_weather', arguments: { city: 'Oslo' } } }))],
  ['call-arguments-null', around(calls(call, argument(city), argument(null)))],
  ['call-empty-arguments', around(calls(call))],
  ['call-placeholder-arguments', around(calls(call, argument('{}'), argument(city)))],
  ['call-raw-control', around(calls(call, argument('{"city": "Os\tlo"}')))],
  ['call-whole-arguments', around(calls({ ...call, function: { name: 'get_weather', arguments: city } }))],
  ['call-with-text', around(chunk({ content: 'I look.', tool_calls: [call] }) + calls(argument(city)))],
  ['calls-finish-stop', around(calls(call, argument(city)))],
]

const problems: [QuirkName, string][] = [
  ['cut-off', opens + hello],
  ['error-in-stream', opens + hello + data({ error: { message: 'Boom', code: 500 } })],
  ['error-event', `${opens + hello}event: error\n${data({ code: 'x', message: 'Boom' })}`],
  ['call-broken-arguments', around(calls(call, argument('{"city": Oslo}')))],
  ['nothing-said', opens + finish + counts + done],
]

describe('a server of OpenAI’s wire', () => {
  test.each(handled)('%s is found, and is no fault', async (name, body) => {
    const report = await examined({ body })
    expect(namesIn(report)).toContain(name)
    expect(report.quirks.filter(({ level }) => level !== 'handled')).toEqual([])
    expect(report.verdict).toBe('fine')
  })

  test.each(problems)('%s is found, and is a fault', async (name, body) => {
    const report = await examined({ body })
    expect(report.quirks.find((quirk) => quirk.name === name)?.level).toBe('problem')
    expect(report.verdict).toBe('problems')
  })

  test('one that answers as OpenAI does has no quirks in its stream', async () => {
    const report = await examined({ body: fine })
    expect(report.quirks.filter(({ seenIn }) => seenIn.includes('a streamed answer'))).toEqual([])
  })

  test('a whole reply in the place of a stream is found', async () => {
    const message = { role: 'assistant', content: 'Hello.' }
    const body = JSON.stringify({ id: 'c1', choices: [{ index: 0, message, finish_reason: 'stop' }], usage })
    const report = await examined({ body, contentType: 'application/json' })
    expect([namesIn(report).includes('whole-reply'), report.verdict]).toEqual([true, 'fine'])
  })

  test('a stream under another content type is found', async () => {
    const report = await examined({ body: fine, contentType: 'text/plain' })
    expect([namesIn(report).includes('wrong-type'), report.verdict]).toEqual([true, 'fine'])
  })

  test('a broken connection is found', async () => {
    const report = await examined({ body: [opens, hello], end: 'destroy' })
    expect([namesIn(report).includes('reset'), report.verdict]).toEqual([true, 'problems'])
  })

  test('a stream that goes silent is found, by the clock', async () => {
    const report = await examined({ body: [opens, hello], end: 'open' }, { timeoutMs: 100, maxRequests: 2 })
    expect([namesIn(report).includes('stalled'), report.verdict]).toEqual([true, 'problems'])
  })
})

describe('an option that helps is found, proved, and written down', () => {
  test.each<[QuirkName, string, object]>([
    [
      'think-tags',
      around(chunk({ content: '<thi' }) + chunk({ content: 'nk>Hm.</think>Hello.' })),
      { thinkTags: true },
    ],
    [
      'think-tags-opened',
      around(chunk({ content: 'Hm.</think>' }) + hello),
      { thinkTags: { open: '<think>', close: '</think>', opened: true } },
    ],
    ['broken-frame', around(`data: {"id": "c1", oops\n\n${hello}`), { onBrokenFrame: 'skip' }],
  ])('%s', async (name, body, options) => {
    const report = await examined({ body })
    expect(namesIn(report)).toContain(name)
    expect(report.configuration?.options).toMatchObject(options)
    expect(report.verdict).toBe('fine')
  })
})

const line = (value: object) => `${JSON.stringify({ model: 'm', ...value })}\n`
const says = (content: string, more: object = {}) =>
  line({ message: { role: 'assistant', content, ...more }, done: false })
const ends = (content = '', more: object = { eval_count: 2 }) =>
  line({ message: { role: 'assistant', content }, done: true, done_reason: 'stop', ...more })
const lookUp = (given: unknown) => ({ tool_calls: [{ function: { name: 'get_weather', arguments: given } }] })

test.each<[QuirkName, string]>([
  ['blank-lines', `${says('Hello')}\n${ends()}`],
  ['thinking', says('', { thinking: 'Hm.' }) + says('Hello') + ends()],
  ['content-in-done', says('Hel') + ends('lo')],
  ['call-no-id', says('', lookUp({ city: 'Oslo' })) + ends()],
  ['call-arguments-text', says('', lookUp('{"city": "Oslo"}')) + ends()],
  ['usage-missing', says('Hello') + ends('', {})],
  ['cut-off', says('Hello')],
  ['error-in-stream', says('Hello') + line({ error: 'out of memory' })],
])('on Ollama’s wire, %s is found', async (name, body) => {
  const report = await examined({ body, contentType: 'application/x-ndjson' }, { wire: 'ollama' })
  expect(namesIn(report)).toContain(name)
})

const output = (content: unknown, finish = 'null', more: object = { usage: { input_tokens: 1, output_tokens: 2 } }) =>
  `id:1\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({ output: { choices: [{ message: { role: 'assistant', content }, finish_reason: finish }] }, ...more })}\n\n`

test.each<[QuirkName, string]>([
  [
    'cumulative',
    ['One', 'One two', 'One two three', 'One two three four'].map((text) => output(text)).join('') +
      output('One two three four', 'stop'),
  ],
  ['output-text', `data:${JSON.stringify({ output: { text: 'Hello', finish_reason: 'stop' } })}\n\n`],
  ['parts-content', output([{ text: 'Hello' }]) + output([], 'stop')],
  ['usage-missing', output('Hello', 'stop', {})],
  ['cut-off', output('Hello')],
  [
    'error-event',
    `event:error\n:HTTP_STATUS/400\ndata:${JSON.stringify({ code: 'InvalidParameter', message: 'Boom' })}\n\n`,
  ],
])('on DashScope’s wire, %s is found', async (name, body) => {
  const report = await examined({ body }, { wire: 'dashscope' })
  expect(namesIn(report)).toContain(name)
})
