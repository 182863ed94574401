// The short form of `npm run soak:hub`: nothing of a turn stays in memory but the messages that are remembered.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Measured {
  /** Turns whose messages were watched, and how many of these still exist 1,000 turns later, when nobody remembers them. */
  turns: number
  left: number
  /** All objects of the process, after 200 turns and after every 200 more. */
  samples: [number, number, number, number, number, number]
}

/** A whole message makes more than four. Bytes would tell of the compiler too. */
const mostObjectsPerTurn = 1

test('a hub of five agents keeps of its turns only the messages that are remembered', {
  timeout: 120_000,
}, async () => {
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning']
  const child = fork(join(import.meta.dirname, 'hub-memory.child.ts'), { execArgv: flags })
  const exited = once(child, 'exit')
  const [measured] = (await once(child, 'message')) as [Measured]
  expect(await exited).toEqual([0, null])
  const { turns, left, samples } = measured
  expect(turns).toBe(200)
  expect(left).toBe(0)
  // Connections come and go, some hundred objects at a time: the highest of the early ones beside the lowest of the late.
  const grown = Math.min(samples[4], samples[5]) - Math.max(samples[0], samples[1])
  expect(grown / 800).toBeLessThan(mostObjectsPerTurn)
})
