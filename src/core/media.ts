// Where a picture, a sound or a file comes from: an address or its bytes, told apart without reading anything.
import { InputError } from './error.ts'
import type { MediaBlock } from './message.ts'

/** `url` is the block's own text in both cases; `base64` is the payload of a data URI. */
export type MediaSource =
  | { kind: 'url'; url: string; mimeType?: string }
  | { kind: 'data'; url: string; mimeType: string; base64: string }

const mimeTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  heic: 'image/heic',
  avif: 'image/avif',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  avi: 'video/x-msvideo',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
}

/** The MIME type that a path's or URL's extension stands for; `undefined` when it says nothing. */
export function mimeTypeOfName(name: string): string | undefined {
  const path = name.replace(/[?#].*$/s, '')
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]
  return extension === undefined ? undefined : mimeTypes[extension.toLowerCase()]
}

/** The type of what stands inside a `data:` URI, '' when nobody says; `undefined` for an address. */
export function dataTypeOf({ url, mimeType }: Pick<MediaBlock, 'url' | 'mimeType'>): string | undefined {
  if (!/^data:/i.test(url)) return undefined
  return mimeType ?? url.slice('data:'.length).split(/[;,]/, 1)[0] ?? ''
}

/** A path or a `file:` URL; every other scheme is an address somebody else can read. */
export function isLocal(url: string): boolean {
  if (/^data:/i.test(url)) return false
  return /^file:/i.test(url) || !/^[a-z][a-z0-9+.-]+:\/\//i.test(url)
}

/**
 * The source of a media block of `messages[at]`.
 *
 * @throws InputError for a local path, which pure code cannot read, and for a data URI without a comma.
 */
export function mediaSource(block: MediaBlock, at: number): MediaSource {
  const { url } = block
  if (isLocal(url)) {
    throw new InputError(
      `messages[${at}] holds the ${block.type} ${shortUrl(url)}, a local file that is not read yet.`,
      {
        advice: 'Put the messages through inlineLocalMedia first, as the chat wrappers do, or give a data: URI.',
      },
    )
  }
  if (/^data:/i.test(url)) return dataSource(block, at)
  const mimeType = block.mimeType ?? mimeTypeOfName(url)
  return mimeType === undefined ? { kind: 'url', url } : { kind: 'url', url, mimeType }
}

function dataSource(block: MediaBlock, at: number): MediaSource {
  const { url } = block
  const comma = url.indexOf(',')
  if (comma < 0) {
    throw new InputError(`messages[${at}] holds a broken data URI (${shortUrl(url)}): the comma is missing.`, {
      advice: 'Write data:<mime type>;base64,<bytes>.',
    })
  }
  const [declared = '', ...parameters] = url.slice(5, comma).split(';')
  const mimeType = declared === '' ? (block.mimeType ?? 'text/plain') : declared
  const payload = url.slice(comma + 1)
  const isBase64 = parameters.some((each) => each.trim().toLowerCase() === 'base64')
  return { kind: 'data', url, mimeType, base64: isBase64 ? payload : base64Of(unescaped(payload, block, at)) }
}

function unescaped(payload: string, block: MediaBlock, at: number): string {
  try {
    return decodeURIComponent(payload)
  } catch (cause) {
    throw new InputError(`messages[${at}] holds a broken data URI (${shortUrl(block.url)}): its escapes are wrong.`, {
      advice: 'Write data:<mime type>;base64,<bytes>.',
      cause,
    })
  }
}

/** A URL as an error shows it: never megabytes. */
export function shortUrl(url: string): string {
  return url.length <= 80 ? url : `${url.slice(0, 60)}…`
}

/** The error for a block that a wire has no words for. */
export function unsupportedMedia(block: MediaBlock, at: number, wire: string, advice: string): InputError {
  const message = `messages[${at}] holds a block of type ${block.type} (${shortUrl(block.url)}) that ${wire} cannot carry.`
  return new InputError(message, { advice })
}

/** UTF-8 text as base64. */
function base64Of(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/**
 * The UTF-8 text that a block of `messages[at]` holds as base64.
 *
 * @throws InputError for what is no base64.
 */
export function textOfMedia(block: MediaBlock, base64: string, at: number): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (each) => each.charCodeAt(0)))
  } catch (cause) {
    throw new InputError(`messages[${at}] holds a data URI (${shortUrl(block.url)}) whose bytes are no base64.`, {
      advice: 'Write data:<mime type>;base64,<bytes>, with the bytes in base64.',
      cause,
    })
  }
}
