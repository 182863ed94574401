// init({ studio }): a run is heard and answered in Studio, in this process or at an address.
import { afterEach, expect, test } from 'vitest'
import { DialogAgent, UserAgent } from '../../src/agents/index.ts'
import { applyEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { textOf } from '../../src/core/message.ts'
import { init } from '../../src/init.ts'
import { simulator } from '../../src/simulator/index.ts'
import { openStudio, type Studio } from '../../src/studio/index.ts'
import { wrapperFor } from '../suites/wrappers.ts'

let studio: Studio | undefined

afterEach(async () => studio?.close())

/** The messages of the one run that this Studio has, once `count` of them have ended. */
async function heard(at: Studio, count: number): Promise<Msg[]> {
  const [run] = await at.journals.runs()
  const messages = new Map<string, Msg>()
  for await (const { record } of at.journals.open(run as string).read()) {
    if (record.type !== 'event') continue
    const { event } = record
    if (event.type === 'input-request' || event.type === 'input-answer') continue
    messages.set(event.id ?? '', applyEvent(messages.get(event.id ?? ''), event))
    if ([...messages.values()].filter(({ ending }) => ending !== undefined).length === count) break
  }
  return [...messages.values()]
}

test('what an agent says reaches the Studio at that address, under the same id, while the terminal need not wait for it', async () => {
  studio = await openStudio({ port: 0 })
  await using simulated = await simulator({ models: { '*': { text: ['Hel', 'lo'] } } })
  await using scope = await init({ studio: studio.url, terminal: false })
  const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
  const said = await new DialogAgent({ name: 'Friday', model, scope }).call({ ...question })
  await scope.close()
  const [message] = await heard(studio, 1)
  expect([message?.id, message && textOf(message)]).toEqual([said.id, 'Hello'])
})

test('a question to a person may be answered in Studio', async () => {
  studio = await openStudio({ port: 0 })
  await using scope = await init({ studio: studio.url, terminal: false })
  const asked = new UserAgent({ scope }).call()
  const { answers } = studio
  const request = await firstQuestion(studio)
  answers.answer(scope.runId, request, 'key-1', { content: 'From Studio' }, 'a test')
  expect(textOf(await asked)).toBe('From Studio')
})

const question = { id: 'q', name: 'Ann', role: 'user' as const, content: 'Hi!' }

async function firstQuestion(at: Studio): Promise<string> {
  for (;;) {
    const [run] = await at.journals.runs()
    if (run === undefined) {
      await new Promise((resolve) => setImmediate(resolve))
      continue
    }
    for await (const { record } of at.journals.open(run).read()) {
      if (record.type === 'event' && record.event.type === 'input-request') return record.event.id
    }
  }
}
