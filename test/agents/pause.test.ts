// A reply that pauses for a person's word: what was not allowed never runs, and nothing that waits is lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { AbortedError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { tool } from '../../src/tools/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Acting, acting, question, weather } from './acting.ts'

expectNoLostRejections()

const callsRome = { toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }
const script = [callsRome, { text: 'Fine.' }]

function ruling<Value>(run: Acting, value: Value): Record<string, Value> {
  return { [run.agent.pending[0]!.id]: value }
}

test('what was allowed in a resume that never came to its turn does not run later', async () => {
  const rome = weather({ approval: true })
  await using run = await acting(script, { toolkit: [rome], onApproval: 'pause' })
  await run.agent.call(question)
  await expect(run.agent.resume(ruling(run, true), { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
    AbortedError,
  )
  await run.agent.call(new Msg('Ann', 'Forget it.', 'user'))
  expect(rome.calls).toEqual([])
})

test('a call that was denied does not run although its tool needs no approval any more', async () => {
  let needed = true
  const rome = weather({ approval: () => needed })
  await using run = await acting(script, { toolkit: [rome], onApproval: 'pause' })
  await run.agent.call(question)
  needed = false
  await run.agent.resume(ruling(run, { deny: 'never' }))
  expect(rome.calls).toEqual([])
  expect(run.results()).toMatchObject([{ isError: true, output: expect.stringContaining('never') }])
})

test('a reply without memory can pause too, and remembers nothing afterwards', async () => {
  await using run = await acting(script, { toolkit: [weather({ approval: true })], onApproval: 'pause', memory: false })
  await run.agent.call(question)
  expect(textOf(await run.agent.resume(ruling(run, true)))).toBe('Fine.')
  expect([run.agent.memory?.size, run.agent.toJSON().memory]).toEqual([0, undefined])
})

test('a word that comes meanwhile is taken in, and what waits goes on waiting', async () => {
  const slow = { ...callsRome, text: ['So', ' let', ' me', ' see'], pace: { bytes: 100, everyMs: 5 } }
  await using run = await acting([slow, { text: 'Fine.' }], {
    toolkit: [weather({ approval: true })],
    onApproval: 'pause',
  })
  const paused = run.agent.call(question)
  while (run.heard.deltas().length === 0) await sleep(1)
  const word = run.agent.steer('And hurry.')
  expect(await word).toBe(await paused)
  expect(run.agent.pending).toHaveLength(1)
})

test('a stop while another call still runs answers what would have waited', async () => {
  const begun = Promise.withResolvers<void>()
  const free = tool({ name: 'free', description: 'Waits.', run: () => new Promise(() => begun.resolve()) })
  const both = { toolCalls: [...callsRome.toolCalls, { name: 'free', input: {} }] }
  await using run = await acting([both, { text: 'Fine.' }], {
    toolkit: [free, weather({ approval: true })],
    onApproval: 'pause',
  })
  const answer = run.agent.call(question)
  await begun.promise
  run.agent.interrupt()
  await expect(answer).rejects.toBeInstanceOf(AbortedError)
  expect([run.agent.pending.length, run.results().length]).toEqual([0, 2])
})

test('approval that cannot be decided is the result of the call, not of the reply', async () => {
  const unsure = () => {
    throw new Error('no rules')
  }
  const rome = weather({ approval: unsure })
  await using run = await acting(script, { toolkit: [rome], onApproval: 'pause' })
  expect(textOf(await run.agent.call(question))).toBe('Fine.')
  expect([rome.calls, run.results()[0]?.output]).toEqual([[], expect.stringContaining('no rules')])
})
