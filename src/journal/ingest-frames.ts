// What a program and a Studio say to each other on `/ingest`: lines of JSON, the first says what the others are.
import type { StudioCommand } from './journal.ts'

export const ingestVersion = 1

/**
 * From the program. `hello` comes first. Under `append` stand records, numbered from `seq` on; under the others nothing.
 * `credit` is how many characters of entries the reader takes before it asks for `more`.
 */
export type ProgramHeader =
  | { t: 'hello'; proto: number; writer: string }
  | { t: 'append'; seq: number }
  | { t: 'read'; id: number; after: number; credit: number; acknowledged: boolean }
  | { t: 'more'; id: number; credit: number }
  | { t: 'leave'; id: number }

/**
 * From the Studio. `ack`: the records up to `seq` are kept, the last of them at `offset`. Under `entries` stand entries.
 * `end`: that reader has heard all there will be. `no`: what came was not understood or not taken.
 */
export type StudioHeader =
  | { t: 'hi'; proto: number }
  | { t: 'ack'; seq: number; offset: number }
  | { t: 'entries'; id: number }
  | { t: 'end'; id: number }
  | { t: 'command'; command: StudioCommand }
  | { t: 'no'; code: string; text: string }

export function encodeFrame(header: ProgramHeader | StudioHeader, lines: readonly string[] = []): string {
  const first = JSON.stringify(header)
  return lines.length === 0 ? first : `${first}\n${lines.join('\n')}`
}

/** The lines as they are. */
export function splitFrame(text: string): { header: string; lines: string[] } {
  const [header = '', ...lines] = text.split('\n')
  return { header, lines: lines.filter((line) => line !== '') }
}
