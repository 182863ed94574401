// The short form of `npm run soak:hub`: nothing of a turn stays in memory but the messages that are remembered.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Measured {
  /** Turns whose messages were watched, and how many of these still exist 400 turns later, when nobody remembers them. */
  turns: number
  left: number
  /** All objects of the process, after 200 turns and after 400 more. */
  before: number
  after: number
}

/** Bytes would tell of the compiler too. What is opened and closed makes some hundred objects of unrest in all. */
const mostObjectsPerTurn = 3

test('a hub of five agents keeps of its turns only the messages that are remembered', {
  timeout: 120_000,
}, async () => {
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning']
  const child = fork(join(import.meta.dirname, 'hub-memory.child.ts'), { execArgv: flags })
  const exited = once(child, 'exit')
  const [measured] = (await once(child, 'message')) as [Measured]
  expect(await exited).toEqual([0, null])
  const { turns, left, before, after } = measured
  expect(turns).toBe(200)
  expect(left).toBe(0)
  expect((after - before) / 400).toBeLessThan(mostObjectsPerTurn)
})
