// A guard: no promise that a file's tests leave behind may reject without anybody there to hear it.
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** Call it at the top of a test file. */
export function expectNoLostRejections(): void {
  const lost: unknown[] = []
  const note = (reason: unknown) => lost.push(reason)
  beforeAll(() => {
    process.on('unhandledRejection', note)
  })
  afterEach(async () => {
    await turn()
    expect(lost.splice(0), 'rejections that nobody heard').toEqual([])
  })
  afterAll(() => {
    process.off('unhandledRejection', note)
  })
}
