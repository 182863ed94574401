// What several processes recorded, as one cassette.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cassette, parseCassette } from '../simulator/index.ts'

/** What each process has written; one that was killed leaves a part that is partial. */
export async function partsIn(folder: string): Promise<Cassette[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.part')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  // On a full disk, not even the first line may have been written.
  return texts.filter((text) => text.includes('\n')).map(parseCassette)
}

/** The exchanges in the order in which their requests were sent, counted anew. */
export function joinedCassettes(parts: readonly Cassette[]): Cassette {
  const starts = parts.map(({ recordedAt }) => (recordedAt === undefined ? 0 : Date.parse(recordedAt)))
  const filled = starts.filter((_, index) => parts[index]?.exchanges.length !== 0)
  const first = Math.min(...filled)
  const all = parts.flatMap(({ exchanges }, index) =>
    exchanges.map((each) => {
      const atMs = Math.round((each.request.atMs + (starts[index] as number) - first) * 10) / 10
      return { ...each, request: { ...each.request, atMs } }
    }),
  )
  all.sort((a, b) => a.request.atMs - b.request.atMs)
  return {
    version: 1,
    ...(filled.length > 0 && { recordedAt: new Date(first).toISOString() }),
    exchanges: all.map((each, index) => ({ ...each, number: index + 1 })),
    isPartial: parts.some(({ isPartial }) => isPartial),
  }
}
