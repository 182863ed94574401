// Loaded into every Node program under `agentscope record`, before the program itself: its `fetch` is recorded.
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { record } from '../simulator/record.ts'
import { secretsOf } from './record-secrets.ts'
import { behindProxy, type RecordSettings, recordVariable } from './record-settings.ts'

const written = process.env[recordVariable]
if (written !== undefined) recordAll(JSON.parse(written) as RecordSettings)

/** The first request opens the file: most processes make none. */
function recordAll(settings: RecordSettings): void {
  const platform = globalThis.fetch
  const file = join(settings.parts, `${process.pid}-${threadId}-${Date.now()}.part`)
  let recording: ReturnType<typeof record> | undefined
  globalThis.fetch = async (input, init) => {
    recording ??= record(platform as never, { file, secrets: secretsOf(process.env) })
    if (!(input instanceof Request)) return recording(behindProxy(new URL(input), settings), init)
    const url = new URL(input.url)
    const real = behindProxy(url, settings)
    return recording(real === url ? input : new Request(real, input), init)
  }
  process.on('exit', () => recording?.close())
}
