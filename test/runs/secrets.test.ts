// No key of a model stands in any file of a run, whoever says it: the provider, the user, the configuration.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AgentScopeError, errorInfo } from '../../src/core/error.ts'
import { createScope } from '../../src/create-scope.ts'
import type { ChatWrapper } from '../../src/models/wrapper.ts'
import type { Scope } from '../../src/scope.ts'
import { wireServer } from '../suites/wire-server.ts'
import { dialectWires, words } from '../suites/wire-words.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { allOf, chatOf, eventsOf, fileOf, invocation, keptScope, ownDirectory, publish, speaker } from './kept-run.ts'

const canary = 'sk-canary-2b7e151628+aed2a6/9c'
const inHeader = 'canary-header-2b7e15162'
const everyForm = new RegExp(`canary|2b7e15|${Buffer.from(canary).toString('base64').slice(0, 20)}`)
const headers = { 'x-session': inHeader }
const config = { config_name: 'c', model_type: 'openai_chat', model_name: 'm', api_key: canary, headers }
const telling = `My key is ${canary}, ${encodeURIComponent(canary)}, ${btoa(canary)}, and "${inHeader}".`

const kept = (options: object) => keptScope({ saveApiInvoke: true, ...options })

/** The user tells the key, in pieces; a tool gets it; a question, a notice and an error repeat it. */
async function tellKeys(scope: Scope): Promise<void> {
  const said = eventsOf('m-1', (writer) => {
    for (const character of telling) writer.text(character)
    writer.block({
      type: 'tool_use',
      id: 'c',
      name: 'login',
      input: { [canary]: canary },
      rawInput: `{"k":"${canary}"}`,
    })
    writer.block({ type: 'tool_result', id: 'c', output: [{ type: 'text', text: telling }] })
  })
  await publish(scope, said)
  const ending = { reason: 'aborted', complete: false } as const
  await publish(scope, [...said.slice(0, -1), { type: 'message-end', id: 'm-1', ending, metadata: { telling } }])
  await scope.publish(speaker, { type: 'notice', id: 'm-1', kind: 'retry', text: telling })
  await scope.publish(speaker, { type: 'error', error: errorInfo(new AgentScopeError('auth', telling)) })
  await scope.ask(speaker, { type: 'input-request', id: 'q', name: 'Ann', text: telling })
  await scope.invoked(invocation({ messages: [{ role: 'user', content: telling }], options: { user: canary } }))
  await scope.invoked(invocation({ id: 'inv-2', error: errorInfo(new AgentScopeError('auth', telling)) }))
}

const inputs = [{ ask: async () => telling }]

/** Everything that was written. It was: the words around the keys are there, and so are all the files. */
function writtenBy(scope: Scope): string {
  expect(chatOf(scope)).toMatchObject([
    { content: [{ text: expect.stringMatching(/^My key is \[redacted\], /) }, {}, {}] },
  ])
  expect(fileOf(scope, 'logging.log').match(/My key is \[redacted\]/g)?.length).toBeGreaterThan(7)
  expect(readdirSync(join(scope.runDirectory ?? '', 'invoke'))).toHaveLength(2)
  return allOf(scope)
}

describe('a key', () => {
  it('of a configured model that nobody has used yet is written nowhere', async () => {
    const scope = kept({ modelConfigs: [config], inputs, project: canary })
    await tellKeys(scope)
    await scope.close()
    expect(writtenBy(scope)).not.toMatch(everyForm)
  })

  it('in a configuration that makes no model is written nowhere either', async () => {
    const broken = { ...config, model_type: 'no_such_chat', headers: undefined, client_args: { 'x-session': inHeader } }
    const scope = kept({ modelConfigs: broken, inputs })
    await tellKeys(scope)
    await scope.close()
    expect(writtenBy(scope)).not.toMatch(everyForm)
  })

  it.each<[string, (scope: Scope, model: ChatWrapper) => unknown]>([
    ['that an agent was handed', (scope, model) => scope.protect(model)],
    ["that one's own source gave", (scope) => scope.model('any')],
  ])('of a model %s is written nowhere', async (_, use) => {
    const model = wrapperFor('openai', { apiKey: canary, headers })
    const scope = kept({ inputs, models: { model: async () => model } })
    await use(scope, model)
    await tellKeys(scope)
    await scope.close()
    expect(writtenBy(scope)).not.toMatch(everyForm)
  })

  it('with quotes in it is found in JSON inside JSON', async () => {
    const odd = 'sk-"canary"-2b7e\\15'
    const scope = kept({ modelConfigs: { ...config, api_key: odd } })
    const input = { key: odd }
    const rawInput = JSON.stringify(input)
    await publish(
      scope,
      eventsOf('m-1', (writer) => writer.block({ type: 'tool_use', id: 'c', name: 'login', input, rawInput })),
    )
    await publish(
      scope,
      eventsOf('m-2', (writer) => writer.text(rawInput)),
    )
    await scope.close()
    expect(chatOf(scope)).toMatchObject([{ content: [{ name: 'login' }] }, { content: [{ type: 'text' }] }])
    expect(allOf(scope)).not.toMatch(everyForm)
  })

  it('costs no ordinary word: a scheme, a placeholder and a short key stay readable', async () => {
    const authorization = 'Bearer secret-0123456789'
    const one = { ...config, api_key: 'ollama', headers: { authorization } }
    const scope = kept({ modelConfigs: [one, { ...config, config_name: 'd', api_key: 'EMPTY', headers: {} }] })
    const text = 'Bearer of ollama news: EMPTY words, secret-0123456789'
    await publish(
      scope,
      eventsOf('m-1', (writer) => writer.text(text)),
    )
    await scope.close()
    const line = chatOf(scope)[0]
    expect(line).toMatchObject({ content: [{ text: 'Bearer of ollama news: EMPTY words, [redacted]' }] })
  })
})

describe.each(dialectWires)('%s', (wire) => {
  it('a provider that echoes the key brings it into no file', async () => {
    const { contentType, open, text, overloaded } = words[wire]
    const body = open + text('kept') + overloaded(`The key ${canary} is not known.`)
    await using server = await wireServer({ contentType, body, headers: { 'x-request-id': canary } })
    const secret = wire === 'ollama' ? { headers: { authorization: `Bearer ${canary}` } } : { apiKey: canary }
    const model = wrapperFor(wire, { baseUrl: server.url, ...secret })
    const scope = createScope({ saveDir: ownDirectory(), saveApiInvoke: true })
    const response = await model.call([{ role: 'user', content: 'Hi' }])
    for await (const event of response.events) await publish(scope, [event])
    await scope.invoked(invocation({ response: response.message }))
    await scope.close()
    expect(JSON.stringify(server.received[0]?.headers)).toContain(canary)
    expect(fileOf(scope, 'logging.log')).toContain('kept [incomplete: error')
    expect(allOf(scope)).not.toMatch(everyForm)
  })
})
