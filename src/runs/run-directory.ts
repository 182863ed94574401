// The directory of one run: `<saveDir>/run_<YYYYmmdd-HHMMSS>_<name>`, made when the run begins.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError, messageOf } from '../core/error.ts'
import { runIdOf } from '../core/run-name.ts'

export interface RunPlace {
  runId: string
  /** Absolute. */
  path: string
}

/**
 * Makes it, and `saveDir` where need be. Another run of the same name in the same second, of this process or of another,
 * gets a number behind its name.
 *
 * @throws ConfigError when it cannot be made: a run that was to be kept must not begin as if it were.
 */
export function makeRunDirectory(saveDir: string | URL, name: string, at: Date): RunPlace {
  const parent = resolve(typeof saveDir === 'string' ? saveDir : fileURLToPath(saveDir))
  const runId = runIdOf(name, at)
  try {
    mkdirSync(parent, { recursive: true })
    for (let count = 1; ; count += 1) {
      const place = count === 1 ? runId : `${runId}-${count}`
      if (isNew(join(parent, place))) return { runId: place, path: join(parent, place) }
    }
  } catch (cause) {
    const why = messageOf(cause)
    throw new ConfigError(`The run directory ${join(parent, runId)} cannot be made: ${why}`, {
      advice: 'Give saveDir a directory that this program may write to, or disableSaving: true to keep nothing.',
      cause,
    })
  }
}

function isNew(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** The system's word for what went wrong, for instance `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
