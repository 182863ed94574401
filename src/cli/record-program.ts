// Loaded into every Node program under `agentscope record`, before the program itself: its `fetch` is recorded.
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { messageOf } from '../core/error.ts'
import { type Recording, record } from '../simulator/record.ts'
import { secretsOf } from './record-secrets.ts'
import { behindProxy, type RecordSettings, recordVariable } from './record-settings.ts'

const written = process.env[recordVariable]
if (written !== undefined) recordAll(JSON.parse(written) as RecordSettings)

/** The first request opens the file: most processes make none. */
function recordAll(settings: RecordSettings): void {
  const platform = globalThis.fetch
  const file = join(settings.parts, `${process.pid}-${threadId}-${Date.now()}.part`)
  let recording: Recording | undefined
  let isTried = false
  globalThis.fetch = async (input, init) => {
    if (!isTried) recording = begun(platform, file)
    isTried = true
    const through = recording ?? platform
    if (!(input instanceof Request)) return through(behindProxy(new URL(input), settings), init)
    const url = new URL(input.url)
    const real = behindProxy(url, settings)
    return through(real === url ? input : new Request(real, input), init)
  }
  process.on('exit', () => recording?.[Symbol.dispose]())
}

/** Where nothing can be written any more, as when the recorder has been killed, the program goes on all the same. */
function begun(platform: typeof fetch, file: string): Recording | undefined {
  try {
    return record(platform as never, { file, secrets: secretsOf(process.env) })
  } catch (error) {
    process.emitWarning(`${messageOf(error)} Nothing is recorded, the program goes on.`)
    return undefined
  }
}
