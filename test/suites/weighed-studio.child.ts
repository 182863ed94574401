// A Studio in a process of its own that tells how much memory it has after everything that can be freed has been.
import { openStudio } from '../../src/studio/server/studio.ts'

const studio = await openStudio({ port: 0, data: process.argv[2] })
process.on('message', async () => {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await new Promise(setImmediate)
  }
  process.send?.({ residentBytes: process.memoryUsage.rss() })
})
process.on('disconnect', () => studio.close().then(() => process.exit()))
process.send?.({ port: studio.port, token: studio.token, url: studio.url })
