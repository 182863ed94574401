// Reads a folder of recorded answers: `<case>.sse` or `<case>.ndjson`, and beside it `<case>.expect.json`.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../core/error.ts'
import type { Recorded } from './script.ts'
import { isFields } from './value.ts'

/**
 * The bodies of a folder as models, named by their case. Of `<case>.expect.json` only `http.status` and
 * `http.contentType` are read; both may be missing, as may the whole file.
 *
 * @throws ConfigError for a folder that cannot be read or holds no recording, and for broken JSON
 */
export async function recordedAnswers(folder: string | URL): Promise<Record<string, Recorded>> {
  const path = folder instanceof URL ? folder.pathname : folder
  const names = await readdir(folder).catch((cause: Error) => {
    throw new ConfigError(`The folder of recorded answers cannot be read: ${cause.message}`, { cause })
  })
  const bodies = names.filter((name) => /\.(sse|ndjson)$/.test(name)).sort()
  if (bodies.length === 0) throw new ConfigError(`${path} holds no recorded answer (<case>.sse or <case>.ndjson).`)
  const entries = bodies.map(async (name) => [caseOf(name), await recordedAnswer(path, name)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

function caseOf(name: string): string {
  return name.replace(/\.(sse|ndjson)$/, '')
}

async function recordedAnswer(folder: string, name: string): Promise<Recorded> {
  const [body, http] = await Promise.all([
    readFile(join(folder, name)),
    httpOf(join(folder, `${caseOf(name)}.expect.json`)),
  ])
  const usual = name.endsWith('.ndjson') ? 'application/x-ndjson' : 'text/event-stream'
  const { status, contentType } = http
  return {
    recorded: {
      body,
      ...(typeof status === 'number' && { status }),
      contentType: typeof contentType === 'string' ? contentType : usual,
    },
  }
}

async function httpOf(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  try {
    const expected: unknown = JSON.parse(text)
    return isFields(expected) && isFields(expected['http']) ? expected['http'] : {}
  } catch (cause) {
    throw new ConfigError(`${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
}
