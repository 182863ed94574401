// The files of the client: a fixed list, read from one folder when Studio starts and again when they have changed.
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'

const pack = promisify(gzip)
const unpack = promisify(gunzip)

const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

const packable = /^(text|application\/json|image\/svg)/
/** Vite writes a hash of the content into these names. */
const hashed = /-[\w-]{8,}\.\w+$/

interface File {
  kind: string
  bytes: Uint8Array<ArrayBuffer>
  packed?: Uint8Array<ArrayBuffer>
  tag: string
}

/**
 * Serves the files under `folder`, and its `index.html` for every other address without an extension: the pages of the
 * client. A file may lie there packed, as `.gz` and without the other. No path of a request ever reaches the disk that the folder's own listing does not name.
 */
export function staticFiles(folder: string): Hono {
  const known = new Map<string, File>()
  return new Hono().get('/*', async (context) => {
    const path = context.req.path
    const named = path === '/' ? undefined : await fileOf(folder, decoded(path.slice(1)), known)
    // The address of a page may look like a file: ids of runs hold dots.
    const isPage = extname(path) === '' || /\btext\/html\b/.test(context.req.header('accept') ?? '')
    const file = named ?? (isPage ? await fileOf(folder, 'index.html', known) : undefined)
    if (file === undefined) return isPage ? context.html(notBuilt, 503) : context.text('There is no such file.', 404)
    return answer(context, file, hashed.test(path) && named !== undefined)
  })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function fileOf(folder: string, name: string, known: Map<string, File>): Promise<File | undefined> {
  const listing = await readdir(folder, { recursive: true }).catch(() => [])
  const find = (wanted: string) => listing.find((each) => each.split(sep).join('/') === wanted)
  const entry = find(name) ?? find(`${name}.gz`)
  if (entry === undefined) return undefined
  const path = join(folder, entry)
  const { mtimeMs, size } = await stat(path)
  const tag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`
  const before = known.get(name)
  if (before?.tag === tag) return before
  const kind = kinds[extname(name)]
  if (kind === undefined) return undefined
  const read = new Uint8Array(await readFile(path))
  const isPacked = entry.endsWith('.gz')
  const bytes = isPacked ? new Uint8Array(await unpack(read)) : read
  const file: File = { kind, bytes, tag, ...(isPacked && { packed: read }) }
  if (!isPacked && packable.test(kind) && size > 1024) file.packed = new Uint8Array(await pack(bytes, { level: 9 }))
  known.set(name, file)
  return file
}

function answer(context: Context, { kind, bytes, packed, tag }: File, isForEver: boolean): Response {
  const headers = {
    'content-type': kind,
    etag: tag,
    vary: 'accept-encoding',
    'cache-control': isForEver ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (context.req.header('if-none-match') === tag) return context.body(null, 304, headers)
  const takesPacked = packed !== undefined && /\bgzip\b/.test(context.req.header('accept-encoding') ?? '')
  if (!takesPacked) return context.body(bytes, 200, headers)
  return context.body(packed, 200, { ...headers, 'content-encoding': 'gzip' })
}

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>AgentScope Studio</title>
<h1>Studio is running, but its pages are not built.</h1>
<p>Programs can already connect, and nothing they say is lost.</p>
<p>Build the pages with <code>npm run build:web</code> and load this page again.</p>
</html>`
