// Media that was said inline, kept once by what it is: `/blob/<hash>` in place of megabytes of Base64.
import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

export interface Blob {
  kind: string
  bytes: Uint8Array<ArrayBuffer>
}

/** Kinds that a browser only shows or plays. Everything else, SVG and HTML above all, is offered as a file. */
const shown = /^(image\/(png|jpeg|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/i

export class Blobs {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /**
   * Keeps the content of a `data:` URI and gives its name, under which `/blob/<name>` serves it. It stays until the last
   * run that said it is deleted; without a run, until anything is deleted.
   */
  keep(url: string, run?: string): string {
    const blob = readDataUrl(url)
    if (blob === undefined) return 'not-kept'
    const hash = createHash('sha256').update(blob.kind).update('\0').update(blob.bytes).digest('hex')
    this.#database.prepare('INSERT OR IGNORE INTO studio_blobs VALUES (?, ?, ?)').run(hash, blob.kind, blob.bytes)
    if (run !== undefined) this.#database.prepare('INSERT OR IGNORE INTO studio_blob_runs VALUES (?, ?)').run(hash, run)
    return hash
  }

  find(hash: string): Blob | undefined {
    const row = this.#database.prepare('SELECT kind, bytes FROM studio_blobs WHERE hash = ?').get(hash)
    if (row === undefined) return undefined
    return { kind: String(row['kind']), bytes: new Uint8Array(row['bytes'] as Uint8Array) }
  }
}

/** How it is served: what a browser could run is a file to be saved, in a sandbox. */
export function blobHeaders({ kind }: Blob): Record<string, string> {
  const isShown = shown.test(kind)
  return {
    'content-type': isShown ? kind : 'application/octet-stream',
    'content-disposition': isShown ? 'inline' : 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=31536000, immutable',
  }
}

function readDataUrl(url: string): Blob | undefined {
  const comma = url.indexOf(',')
  if (!/^data:/i.test(url) || comma < 0 || comma > 200) return undefined
  const [kind = '', ...rest] = url.slice(5, comma).split(';')
  const text = url.slice(comma + 1)
  const isBase64 = rest.some((each) => each.trim().toLowerCase() === 'base64')
  try {
    const bytes = isBase64 ? Buffer.from(text, 'base64') : Buffer.from(decodeURIComponent(text))
    return { kind: kind.trim().toLowerCase() || 'text/plain', bytes: new Uint8Array(bytes) }
  } catch {
    return undefined
  }
}
