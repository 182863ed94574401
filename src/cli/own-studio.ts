// A Studio inside a command: opened with it, printed first of all, closed with it.
import { ConfigError, messageOf } from '../core/error.ts'
import type { Studio } from '../studio/index.ts'
import { complain, print, UsageError } from './command.ts'
import { makeProjectFolder, projectDataFile } from './project-data.ts'

export interface OwnStudioOptions {
  /** A SQLite file; `memory` keeps nothing. Default: the project's. */
  data?: string | undefined
  /** Default: 3000, or the next free one. */
  port?: number | undefined
  /** Tells the address. Default: the standard output. */
  tell?: ((text: string) => void) | undefined
}

/**
 * Opens it and prints its address. Where the project's file is in use elsewhere, nothing is kept, and that is told.
 *
 * @throws ConfigError when a file or a port that was asked for cannot be had.
 */
export async function openOwnStudio({ data, port, tell = print }: OwnStudioOptions): Promise<Studio> {
  // The other commands need no server.
  const { openStudio } = await import('../studio/index.ts')
  const opened = await openStudio({ port, data: data === 'memory' ? undefined : (data ?? ownFile()) }).catch(
    (error) => {
      if (data !== undefined || !(error instanceof ConfigError)) throw error
      complain(`${messageOf(error)} So Studio keeps nothing of this.`)
      return openStudio({ port })
    },
  )
  tell(`Studio: ${opened.url}`)
  return opened
}

function ownFile(): string {
  const file = projectDataFile()
  try {
    makeProjectFolder(file)
  } catch {
    // Opening the file tells why.
  }
  return file
}

/** @throws UsageError for what is no port. */
export function portOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  if (/^\d{1,5}$/.test(written) && Number(written) < 65_536) return Number(written)
  throw new UsageError(`--port needs a number from 0 to 65535, got ${JSON.stringify(written)}.`)
}
