// The replies that are being given in a scope, for whoever watches from outside.
import { expect, test } from 'vitest'
import { textOf } from '../../src/core/message.ts'
import { Parrot, quietScope } from '../agents/listening.ts'

test('a scope knows the replies that are being given, and whoever watches can stop them', async () => {
  const { scope } = quietScope()
  const agent = new Parrot({ scope })
  const begun = Promise.withResolvers<void>()
  agent.answer = async function () {
    begun.resolve()
    await new Promise((_, reject) => this.stopSignal?.addEventListener('abort', () => reject(this.stopSignal?.reason)))
    return this.say('never')
  }
  const reply = agent.call()
  await begun.promise
  const [live] = scope.replies
  expect(live?.speaker).toEqual({ name: 'Friday', id: agent.agentId })
  live?.stop('the person at the screen wanted it')
  await expect(reply).rejects.toMatchObject({ type: 'aborted', message: expect.stringContaining('at the screen') })
  expect(scope.replies.size).toBe(0)
})

test('a word that is said from outside is answered', async () => {
  const { scope, heard } = quietScope()
  const agent = new Parrot({ scope })
  agent.answer = async function (x) {
    for (const live of scope.replies) if (x === undefined) live.steer('More!', 'after-reply')
    return this.say(x === undefined ? 'first' : `heard ${textOf([x].flat()[0]!)}`)
  }
  await agent.call()
  await agent.call(null)
  expect(heard.deltas()).toContain('heard More!')
})
