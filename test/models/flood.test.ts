// Row T27: a server that floods is held back by its socket, and what it could not send costs us nothing.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { answerOf, words } from '../suites/wire-words.ts'
import type { Wire } from '../suites/wrappers.ts'

const megabyte = 1024 * 1024
const offered = 64 * megabyte

interface Progress {
  written: number
  /** When something was last written, performance.now(). */
  at: number
}

/** Offers 64 MB of small events and heeds the socket. */
function flood(wire: Wire, progress: Progress): NonNullable<Reply['body']> {
  const { open, text } = words[wire]
  const piece = text('a drop of water '.repeat(64)).repeat(16)
  return async (response: ServerResponse) => {
    response.write(open)
    while (progress.written < offered && !response.destroyed) {
      const free = response.write(piece)
      progress.written += piece.length
      progress.at = performance.now()
      if (!free) await drained(response)
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}

test.each(['openai', 'anthropic', 'ollama'] as const)(
  'T27: %s: 64 MB offered and one event read: the socket is paused and the process does not grow',
  async (wire) => {
    const { contentType } = words[wire]
    const progress: Progress = { written: 0, at: performance.now() }
    const small = { contentType, body: answerOf(wire, 'warm') }
    await using server = await wireServer(small, small, small, { contentType, body: flood(wire, progress) })
    const child = fork(join(import.meta.dirname, 'flood.child.ts'), [wire, server.url], { execArgv: ['--expose-gc'] })
    const exited = once(child, 'exit')
    await once(child, 'message')
    // How much the kernel takes is not known, and a full socket has no event of its own: full is what has taken nothing
    // for 300 ms. Should it take more later, less is held at first, and the limits below still have to hold.
    while (performance.now() - progress.at < 300) await wait(50)
    child.send('full')
    const [{ grown, held, left }] = (await once(child, 'message')) as [{ grown: number; held: number; left: number }]
    const closed = (await server.received[3]!.closed) + performance.timeOrigin
    child.send('done')
    expect(await exited).toEqual([0, null])
    expect(held).toBeGreaterThan(0)
    expect(grown).toBeLessThanOrEqual(2 * megabyte)
    // What the kernel holds for both sides, and no more: far from what was offered.
    expect(progress.written).toBeLessThanOrEqual(16 * megabyte)
    expect(closed - left).toBeLessThanOrEqual(50)
  },
)
