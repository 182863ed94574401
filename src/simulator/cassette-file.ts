// Cassettes as files.
import { readFile, writeFile } from 'node:fs/promises'
import { ConfigError, messageOf } from '../core/error.ts'
import { type Cassette, formatCassette, parseCassette } from './cassette.ts'

/** Reads a `.cassette.jsonl` file. @throws ConfigError when it cannot be read or is none */
export async function readCassette(file: string | URL): Promise<Cassette> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`The cassette cannot be read: ${messageOf(cause)}`, { cause })
  })
  return parseCassette(text)
}

/** Writes one, readable only by its owner. @throws ConfigError when it cannot be written */
export async function writeCassette(file: string | URL, cassette: Cassette): Promise<void> {
  await writeFile(file, formatCassette(cassette), { mode: 0o600 }).catch((cause: unknown) => {
    throw new ConfigError(`The cassette cannot be written: ${messageOf(cause)}`, { cause })
  })
}
