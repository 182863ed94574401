// Under which name Studio keeps what was said inline, worked out as Studio does it: by what it is.
import type { JournalEntry } from '../../../journal/journal.ts'

export class BlobNames {
  readonly #names = new Map<string, string>()

  /** The name of a `data:` URI in `/blob/<name>`; of one that was never learnt, one that nothing has. */
  nameOf(uri: string): string {
    return this.#names.get(uri) ?? 'not-kept'
  }

  /** Works out the names of all media in these entries. */
  async learn(entries: readonly JournalEntry[]): Promise<void> {
    const found = new Set<string>()
    for (const { record } of entries) {
      // Text that grows holds no media, and is most of what there is.
      if (record.type === 'event' && !('delta' in record.event)) collect(record.event, found)
    }
    for (const uri of found) if (!this.#names.has(uri)) this.#names.set(uri, await nameOf(uri))
  }
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    if (/^data:/i.test(value)) found.add(value)
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) collect(each, found)
  }
}

async function nameOf(uri: string): Promise<string> {
  try {
    const kind = (uri.slice(5, uri.indexOf(',')).split(';')[0] ?? '').trim().toLowerCase() || 'text/plain'
    // The page may read no `data:` address, so that it is read here.
    const bytes = bytesOf(uri)
    const head = new TextEncoder().encode(`${kind}\0`)
    const all = new Uint8Array(head.length + bytes.length)
    all.set(head)
    all.set(bytes, head.length)
    return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', all)))
  } catch {
    // It is no readable address, or the page came over plain HTTP from another machine, where browsers do not hash.
    return 'not-kept'
  }
}

function bytesOf(uri: string): Uint8Array {
  const comma = uri.indexOf(',')
  const text = uri.slice(comma + 1)
  if (!/;\s*base64\s*(;|$)/i.test(uri.slice(0, comma))) return new TextEncoder().encode(decodeURIComponent(text))
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
