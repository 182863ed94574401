// A run on disk: its directory, who spoke, what happened, and what the models were asked.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Msg } from '../../src/core/message.ts'
import type { EventWriter } from '../../src/core/writer.ts'
import { createScope } from '../../src/create-scope.ts'
import { warningsOf } from '../agents/listening.ts'
import { chatOf, eventsOf, failure, fileOf, invocation, keptScope, ownDirectory, publish, speaker } from './kept-run.ts'

const hello = (writer: EventWriter) => {
  writer.text('Hel')
  writer.text('lo\nworld')
}

describe('the run directory', () => {
  it('is made only when it is asked for, with its name and what tells the run from others', async () => {
    const saveDir = join(ownDirectory(), 'deep', 'runs')
    const scope = createScope({ saveDir, project: 'novels', name: 'dune' })
    expect(readdirSync(saveDir)).toEqual([scope.runId])
    expect(scope.runDirectory).toBe(join(saveDir, scope.runId))
    expect(scope.runId).toMatch(/^run_\d{8}-\d{6}_dune$/)
    const config = JSON.parse(fileOf(scope, '.config'))
    expect(config).toEqual({
      project: 'novels',
      name: 'dune',
      runId: scope.runId,
      pid: process.pid,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      version: expect.stringMatching(/^\d+\.\d+/),
    })
    expect(readdirSync(scope.runDirectory ?? '')).toEqual(['.config'])
  })

  it('is one of its own for each of many runs of the same name in the same second', () => {
    const saveDir = ownDirectory()
    const runs = Array.from({ length: 5 }, () => createScope({ save_dir: pathToFileURL(saveDir), name: 'dune' }))
    expect(new Set(runs.map(({ runDirectory }) => runDirectory)).size).toBe(5)
    expect(readdirSync(saveDir).sort()).toEqual(runs.map(({ runId }) => runId).sort())
  })

  it('takes any name without leaving saveDir', () => {
    const saveDir = ownDirectory()
    for (const name of ['../../up', 'a/b\\c:d', '沙丘 🏜', 'x'.repeat(400)]) createScope({ saveDir, name })
    const names = readdirSync(saveDir)
    expect(names).toHaveLength(4)
    expect(names.every((name) => statSync(join(saveDir, name)).isDirectory())).toBe(true)
    expect(names.some((name) => name.includes('沙丘'))).toBe(true)
  })

  it('that cannot be made is told before anything is spoken', () => {
    const file = join(keptScope().runDirectory ?? '', '.config')
    expect(() => createScope({ saveDir: join(file, 'runs') })).toThrow(/cannot be made/)
  })

  it('stays away when saving is disabled', async () => {
    const saveDir = join(ownDirectory(), 'runs')
    const scope = createScope({ saveDir, saveApiInvoke: true, disableSaving: true })
    await publish(scope, eventsOf('m-1', hello))
    await scope.invoked(invocation())
    await scope.close()
    expect(scope.runDirectory).toBeUndefined()
    expect(existsSync(saveDir)).toBe(false)
  })

  it('holds no logs when they are not wanted, and still the invocations', async () => {
    const scope = keptScope({ save_log: false, save_api_invoke: true })
    await publish(scope, eventsOf('m-1', hello))
    await scope.invoked(invocation())
    await scope.close()
    expect(readdirSync(scope.runDirectory ?? '').sort()).toEqual(['.config', 'invoke'])
    expect(readdirSync(join(scope.runDirectory ?? '', 'invoke'))).toHaveLength(1)
  })
})

describe('logging.chat', () => {
  it('has one line for each complete message, with the id that was spoken and a list of blocks', async () => {
    const scope = keptScope()
    await publish(scope, eventsOf('m-1', hello))
    await publish(
      scope,
      eventsOf('m-2', (writer) => writer.text('你好 \u2028'), 'User'),
    )
    await scope.close()
    expect(fileOf(scope, 'logging.chat').split('\n')).toHaveLength(3)
    const common = { role: 'assistant', ending: { reason: 'stop', complete: true } }
    const timestamp = expect.stringMatching(/^\d{4}-.*Z$/)
    expect(chatOf(scope)).toEqual([
      { id: 'm-1', name: 'Friday', ...common, content: [{ type: 'text', text: 'Hello\nworld' }], timestamp },
      { id: 'm-2', name: 'User', ...common, content: [{ type: 'text', text: '你好 \u2028' }], timestamp },
    ])
  })

  it('keeps the messages of concurrent speakers whole', async () => {
    const scope = keptScope()
    const names = Array.from({ length: 8 }, (_, index) => `S${index}`)
    const talks = names.map((name) => {
      const say = (writer: EventWriter) => {
        for (let word = 0; word < 200; word += 1) writer.text(`${name} `)
      }
      return { who: { name, id: name }, events: eventsOf(`m-${name}`, say, name) }
    })
    for (let at = 0; at < 204; at += 1) {
      await Promise.all(talks.map(({ who, events }) => publish(scope, events.slice(at, at + 1), who)))
    }
    await scope.close()
    const texts = chatOf(scope).map(({ name, content }) => [name, content])
    expect(texts).toEqual(names.map((name) => [name, [{ type: 'text', text: `${name} `.repeat(200) }]]))
  })

  it('takes a message that begins anew under the same id for the one it becomes', async () => {
    const scope = keptScope()
    const [start, ...rest] = eventsOf('m-1', hello)
    await publish(scope, [...(start ? [start] : []), ...rest.slice(0, 2)])
    await publish(
      scope,
      eventsOf('m-1', (writer) => writer.text('Bye')),
    )
    await scope.close()
    expect(chatOf(scope)).toMatchObject([{ id: 'm-1', content: [{ type: 'text', text: 'Bye' }] }])
  })

  it.each(['aborted', 'truncated', 'error'] as const)(
    'has no line for a message that was %s, which logging.log records as incomplete',
    async (reason) => {
      const scope = keptScope()
      const events = eventsOf('m-1', hello).slice(0, -1)
      const ending = { reason, complete: false, error: failure }
      await publish(scope, [...events, { type: 'message-end', id: 'm-1', ending }])
      await scope.close()
      expect(fileOf(scope, 'logging.chat')).toBe('')
      const log = fileOf(scope, 'logging.log')
      expect(log).toMatch(/ WARNING Friday: Hello\n {2}world \[incomplete: .*the model fell over\]\n$/)
      expect(log).toContain(`[incomplete: ${reason}, `)
    },
  )

  it('has no line for a message that nobody ended, which logging.log keeps when the scope is closed', async () => {
    const scope = keptScope()
    await publish(scope, eventsOf('m-1', hello).slice(0, 3))
    await scope.close()
    expect(fileOf(scope, 'logging.chat')).toBe('')
    expect(fileOf(scope, 'logging.log')).toMatch(/WARNING Friday: Hel \[incomplete: it was never ended\]\n$/)
  })

  it('writes a whole tool call in one way, however its arguments came, and a broken one as it came', async () => {
    const scope = keptScope()
    const calling = (id: string, rawInput: string) =>
      eventsOf(id, (writer) => {
        const call = writer.beginToolUse('c-1', 'weather')
        writer.toolUseDelta(call, rawInput)
        writer.endToolUse(call)
      })
    await publish(scope, [...calling('m', '{ "a" : [ 1 ] }'), ...calling('m', '{"a":[1]}'), ...calling('m', '{"a":')])
    await scope.close()
    const [spaced, dense, broken] = chatOf(scope).map(({ content }) => JSON.stringify(content))
    expect(spaced).toBe(dense)
    expect(broken).toContain('"rawInput":"{\\"a\\":"')
  })

  it("keeps a user's metadata, also what JSON cannot hold, in words", async () => {
    const scope = keptScope()
    const ring: Record<string, unknown> = { count: 12n, seat: 'left' }
    ring['self'] = ring
    const events = eventsOf('m-1', hello).slice(0, -1)
    const ending = { reason: 'stop', complete: true } as const
    await publish(scope, [...events, { type: 'message-end', id: 'm-1', ending, metadata: ring }])
    await scope.close()
    expect(chatOf(scope)).toMatchObject([{ metadata: { count: '12', seat: 'left', self: '[circular]' } }])
  })
})

describe('logging.log', () => {
  it('says who spoke, what was noticed, what went wrong, what was asked and answered, each with its time', async () => {
    const scope = keptScope({ inputs: [{ ask: async () => 'Yes, do.' }] })
    await publish(
      scope,
      eventsOf('m-1', (writer) => writer.text('Hello')),
    )
    await scope.publish(speaker, { type: 'notice', id: 'm-1', kind: 'retry', text: 'trying again' })
    await scope.publish(speaker, { type: 'error', error: failure })
    await scope.ask(speaker, { type: 'input-request', id: 'q', name: 'Ann', text: 'May I?' })
    const approval = { tool: 'rm', callId: 'c', input: { path: '/' } }
    await scope.ask(speaker, { type: 'input-request', id: 'q', name: 'Ann', approval })
    await scope.close()
    const lines = fileOf(scope, 'logging.log').trimEnd().split('\n')
    expect(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z /.test(line))).toBe(true)
    expect(lines.map((line) => line.slice(25))).toEqual([
      'INFO    Friday: Hello',
      'INFO    Friday (retry): trying again',
      'ERROR   Friday: provider: the model fell over',
      'INFO    Ann is asked: May I?',
      'INFO    Friday got the answer: Yes, do.',
      'INFO    Ann is asked: may rm run with {"path":"/"}?',
      'INFO    Friday got the answer: Yes, do.',
    ])
  })

  it('is plain text: no colour, no control character, and no text that passes for an entry of its own', async () => {
    const scope = keptScope()
    const text = '\u001b[31mred\u001b[0m\r\n2026-01-01T00:00:00.000Z INFO    Mallory: hi\u0007'
    await publish(
      scope,
      eventsOf('m-1', (writer) => writer.text(text)),
    )
    await scope.close()
    const lines = fileOf(scope, 'logging.log').trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/INFO {4}Friday: \\x1b\[31mred\\x1b\[0m$/)
    expect(lines[1]).toBe('  2026-01-01T00:00:00.000Z INFO    Mallory: hi\\x07')
  })

  it('tells tools, thoughts, media and token counts in words, and data only by its length', async () => {
    const scope = keptScope()
    const events = eventsOf('m-1', (writer) => {
      writer.thinking('Hm.')
      writer.block({ type: 'tool_use', id: 'c', name: 'look', input: { a: 1 }, rawInput: '{"a":1}' })
      writer.block({ type: 'tool_result', id: 'c', name: 'look', output: [{ type: 'text', text: 'a cat' }] })
      writer.block({ type: 'image', url: `data:image/png;base64,${'A'.repeat(5000)}` })
      writer.block({ type: 'image', url: 'https://example.org/cat.png' })
    })
    const ending = { reason: 'stop', complete: true } as const
    const last = { type: 'message-end', id: 'm-1', ending, usage: { inputTokens: 12, outputTokens: 7 } } as const
    await publish(scope, [...events.slice(0, -1), last])
    await scope.close()
    expect(fileOf(scope, 'logging.log').slice(25)).toBe(
      `INFO    Friday: (thinks) Hm.
  (calls look) {"a":1}
  (look answered) a cat
  (image) image/png, 5022 characters of data
  (image) https://example.org/cat.png (tokens: 12 in, 7 out)
`,
    )
  })
})

describe('an invocation', () => {
  it('is a file of its own that says what was asked and answered, how long it took and what it cost', async () => {
    const scope = keptScope({ saveApiInvoke: true })
    const response = new Msg('m', [{ type: 'text', text: 'Hello' }], 'assistant', { id: 'm-1' })
    response.usage = { inputTokens: 12, outputTokens: 7 }
    await scope.invoked(invocation({ response }))
    await scope.invoked(invocation({ id: 'inv/2', error: failure }))
    await scope.close()
    const names = readdirSync(join(scope.runDirectory ?? '', 'invoke')).sort()
    expect(names).toEqual([
      expect.stringMatching(/^model_openai_chat_\d{8}-\d{6}_inv-1\.json$/),
      expect.stringMatching(/^model_openai_chat_\d{8}-\d{6}_inv_2\.json$/),
    ])
    const [answered, refused] = names.map((name) => JSON.parse(fileOf(scope, join('invoke', name))))
    expect(answered).toMatchObject({
      modelType: 'openai_chat',
      configName: 'qwen',
      modelName: 'm',
      timestamp: '2026-11-22T11:08:11.123Z',
      arguments: { model: 'm', messages: [{ role: 'user', name: 'User', content: 'Hi' }], temperature: 0 },
      response: { id: 'm-1', content: [{ type: 'text', text: 'Hello' }] },
      usage: { inputTokens: 12, outputTokens: 7 },
      durationMs: 420,
      firstContentMs: 100,
    })
    expect(refused).toMatchObject({ error: { type: 'provider', message: 'the model fell over' } })
    expect(refused).not.toHaveProperty('response')
    expect(fileOf(scope, 'logging.log')).toContain('ERROR   Friday asked qwen: provider: the model fell over')
  })

  it('leaves no file unless it is asked for', async () => {
    const scope = keptScope()
    expect(await warningsOf(() => scope.invoked(invocation()))).toEqual([])
    await scope.close()
    expect(readdirSync(scope.runDirectory ?? '')).toEqual(['.config'])
  })
})
