// Histories with tools as they come back: what the provider would take is taken, what it would refuse is refused.
import { describe, expect, test } from 'vitest'
import { createSimulator, type Script, type WireName } from '../../src/simulator/index.ts'
import { type Json, requestTo, saidIn, wireNames } from './ask.ts'

const first: Script = {
  parts: [
    { thinking: 'Hm.' },
    { redacted: 'Psst.' },
    { text: 'I look.' },
    { toolCall: { name: 'look', input: { at: 1 } } },
    { toolCall: { name: 'look', input: { at: 2 } } },
  ],
}
const enabled = { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4096 }

/** How a wire's answer goes back with its results: the history that a faithful client sends. */
interface Wire {
  wire: WireName
  model: string
  body?: Json
  history(answer: Json): Json
}

const user = { role: 'user', content: 'Hi!' }

/** The choice's message as it came, and a result for each call. */
function chatHistory({ choices }: Json): Json {
  const [{ message }] = choices
  const results = message.tool_calls.map(({ id }: Json) => ({ role: 'tool', tool_call_id: id, content: 'seen' }))
  return { messages: [user, message, ...results] }
}

const claude: Wire = {
  wire: 'anthropic',
  model: 'claude-sonnet-4-5',
  body: enabled,
  history: ({ content }) => {
    const calls = content.filter(({ type }: Json) => type === 'tool_use')
    const results = calls.map(({ id }: Json) => ({ type: 'tool_result', tool_use_id: id, content: 'seen' }))
    return { messages: [user, { role: 'assistant', content }, { role: 'user', content: results }] }
  },
}
const gemini: Wire = {
  wire: 'gemini',
  model: 'gemini-3-pro-preview',
  history: ({ candidates: [{ content }] }) => {
    const calls = content.parts.flatMap(({ functionCall: call }: Json) => (call ? [call] : []))
    const parts = calls.map(({ name }: Json) => ({ functionResponse: { name, response: { output: 'seen' } } }))
    return { contents: [{ role: 'user', parts: [{ text: 'Hi!' }] }, content, { role: 'user', parts }] }
  },
}
const openai: Wire = { wire: 'openai', model: 'gpt-5', history: chatHistory }
const compatible: Wire = { wire: 'openai', model: 'gemini-3-pro-preview', history: chatHistory }
const deepseek: Wire = { wire: 'openai', model: 'deepseek-reasoner', history: chatHistory }
const proxied: Wire = { wire: 'litellm', model: 'claude-sonnet-4-5', body: enabled, history: chatHistory }
const proxiedGemini: Wire = { wire: 'litellm', model: 'gemini-3-pro-preview', history: chatHistory }

/** Status and text of what the history gets when `change` has been at it. */
async function sentBack({ wire, model, body, history }: Wire, change: (sent: Json) => void): Promise<[number, string]> {
  const sim = createSimulator({ models: { '*': [first, { text: 'Done.' }] } })
  const answer = await sim.fetch(requestTo(sim, wire, { model, stream: false, body }))
  const sent = history(await answer.json())
  change(sent)
  const next = await sim.fetch(requestTo(sim, wire, { model, stream: false, body: { ...body, ...sent } }))
  return [next.status, await next.text()]
}

describe.each([claude, gemini, openai, compatible, deepseek, proxied, proxiedGemini])('$model on $wire', (wire) => {
  test('takes its own answer back as it was', async () => {
    const [status, text] = await sentBack(wire, () => {})
    expect([status, text]).toEqual([200, expect.stringContaining('Done.')])
  })
})

type Change = [Wire, what: string, change: (sent: Json) => void, message: RegExp]

const said = ({ messages }: Json) => messages[1].content
const calls = ({ messages }: Json) => messages[1].tool_calls
const parts = ({ contents }: Json) => contents[1].parts
const callPart = (sent: Json) => parts(sent).find(({ functionCall: call }: Json) => call)

const changes: Change[] = [
  [
    claude,
    'a changed signature',
    (sent) => (said(sent)[0].signature = 'QUJD'),
    /Invalid `signature` in `thinking` block/,
  ],
  [claude, 'a changed thought', (sent) => (said(sent)[0].thinking = 'Hm!'), /Invalid `signature` in `thinking` block/],
  [
    claude,
    'a thought without a signature',
    (sent) => delete said(sent)[0].signature,
    /thinking\.signature: Field required/,
  ],
  [claude, 'a seal that was broken', (sent) => (said(sent)[1].data = 'QUJD'), /Invalid `data` in `redacted_thinking`/],
  [
    claude,
    'no thought before the call',
    (sent) => said(sent).splice(0, 2),
    /Expected `thinking` or `redacted_thinking`/,
  ],
  [claude, 'a thought that was left out', (sent) => said(sent).splice(1, 1), /cannot be modified/],
  [claude, 'a thought in another place', (sent) => said(sent).push(said(sent).splice(1, 1)[0]), /cannot be modified/],
  [claude, 'an id that is used twice', (sent) => (said(sent)[4].id = said(sent)[3].id), /ids must be unique/],
  [
    claude,
    'words before the results',
    ({ messages }) => messages[2].content.unshift({ type: 'text', text: 'So:' }),
    /without `tool_result` blocks immediately after/,
  ],
  [
    claude,
    'a result too many',
    ({ messages }) => messages[2].content.push(messages[2].content[0]),
    /must have a single result/,
  ],
  [claude, 'a result too few', ({ messages }) => messages[2].content.pop(), /without `tool_result` blocks/],
  [claude, 'a text of blanks', (sent) => (said(sent)[2].text = ' \n'), /must contain non-whitespace text/],
  [
    gemini,
    'no signature',
    (sent) => delete callPart(sent).thoughtSignature,
    /missing a thought_signature.*`default_api:look`, position 2/,
  ],
  [
    gemini,
    'the signature of another call',
    (sent) => (callPart(sent).functionCall.args = { at: 3 }),
    /signature is not valid/,
  ],
  [gemini, 'a changed signature', (sent) => (callPart(sent).thoughtSignature += 'x'), /signature is not valid/],
  [gemini, 'a response too few', ({ contents }) => contents[2].parts.pop(), /number of function response parts/],
  [
    gemini,
    'a response of another name',
    ({ contents }) => (contents[2].parts[1].functionResponse.name = 'x'),
    /match the function call parts/,
  ],
  [
    openai,
    'arguments that are no JSON',
    (sent) => (calls(sent)[0].function.arguments = '{"at":'),
    /must be in JSON format/,
  ],
  [
    openai,
    'a name that no function has',
    (sent) => (calls(sent)[0].function.name = 'a b'),
    /function\.name': string does not match/,
  ],
  [
    openai,
    'an empty list of calls',
    ({ messages }) => messages.splice(1, 3, { ...messages[1], tool_calls: [] }, user),
    /too short/,
  ],
  [
    openai,
    'a picture in a result',
    ({ messages }) => (messages[2].content = [{ type: 'image_url', image_url: { url: 'u' } }]),
    /only allowed for messages with role 'user'/,
  ],
  [compatible, 'no signature', (sent) => delete calls(sent)[0].extra_content, /missing a thought_signature/],
  [
    compatible,
    'a changed signature',
    (sent) => (calls(sent)[0].extra_content.google.thought_signature = 'QUJD'),
    /not valid/,
  ],
  [
    deepseek,
    'no reasoning',
    ({ messages }) => delete messages[1].reasoning_content,
    /Missing `reasoning_content` field.*index 1/,
  ],
  [proxied, 'no thoughts', ({ messages }) => delete messages[1].thinking_blocks, /Expected `thinking`/],
  [
    proxied,
    'a thought without a signature',
    ({ messages }) => delete messages[1].thinking_blocks[0].signature,
    /signature: Field required/,
  ],
  [
    proxied,
    'a changed thought',
    ({ messages }) => (messages[1].thinking_blocks[0].thinking = '!'),
    /Invalid `signature`/,
  ],
  [
    proxiedGemini,
    'a changed signature',
    (sent) => (calls(sent)[0].provider_specific_fields.thought_signature = 'QUJD'),
    /not valid/,
  ],
]

const named = changes.map(([wire, what, ...rest]) => [`${wire.model} on ${wire.wire}`, what, wire, ...rest] as const)

test.each(named)('%s refuses %s', async (_model, _what, wire, change, message) => {
  const [status, text] = await sentBack(wire, change)
  expect(status, text).toBe(400)
  expect((JSON.parse(text) as Json).error?.message).toMatch(message)
})

test('Gemini takes the stand-in for a signature, and none at all for calls of an earlier turn', async () => {
  const standIn = (sent: Json) => (callPart(sent).thoughtSignature = 'skip_thought_signature_validator')
  expect((await sentBack(gemini, standIn))[0]).toBe(200)
  const earlier = (sent: Json) => {
    delete callPart(sent).thoughtSignature
    sent.contents.push({ role: 'model', parts: [{ text: 'Seen.' }] }, { role: 'user', parts: [{ text: 'And?' }] })
  }
  expect((await sentBack(gemini, earlier))[0]).toBe(200)
})

test('a signature that the script names counts for what it stood behind, and for nothing else', async () => {
  const own: Script = { thinking: 'Hm.', toolCalls: [{ name: 'look' }], signature: 'bXkgb3du' }
  const sim = createSimulator({ models: { '*': [own, { text: 'Done.' }] } })
  const ask = (body: Json) =>
    sim.fetch(requestTo(sim, 'anthropic', { model: 'claude', stream: false, body: { ...enabled, ...body } }))
  const sent = claude.history(await (await ask({})).json())
  expect(sent.messages[1].content[0].signature).toBe('bXkgb3du')
  expect((await ask(sent)).status).toBe(200)
  sent.messages[1].content[0].thinking = 'Ha!'
  expect((await ask(sent)).status).toBe(400)
})

test.each(wireNames)(
  '%s says parts in their order, streamed and whole, and leaves out what it has no word for',
  async (wire) => {
    const sim = createSimulator({ models: { '*': first } })
    const streamed = await sim.fetch(requestTo(sim, wire, { model: 'm', body: wire === 'anthropic' ? enabled : {} }))
    const said = saidIn[wire](await streamed.text())
    expect([said.thinking, said.text]).toEqual(['Hm.', 'I look.'])
    expect(said.calls.map(({ input }) => JSON.parse(input))).toEqual([{ at: 1 }, { at: 2 }])
    const whole = await (await sim.fetch(requestTo(sim, wire, { model: 'm', stream: false }))).text()
    const places = ['Hm.', 'I look.', 'look"'].map((words) => whole.indexOf(words))
    expect(places.toSorted((one, other) => one - other)).not.toContain(-1)
    expect(whole.includes('Psst.')).toBe(false)
  },
)
