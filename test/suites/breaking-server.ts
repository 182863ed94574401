// A provider whose answers break, and which goes on as a model would: from the beginning it is given, or asked in words.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Reply, WireServer } from './wire-server.ts'
import { words } from './wire-words.ts'
import type { Wire } from './wrappers.ts'

/** What a request ends in: the words of the assistant that the model is to go on from, and how it is asked to. */
export interface AskedToGoOn {
  way: 'prefix' | 'words'
  said: string
}

/** Reads it from the body of a request, whatever the wire. */
export function askedToGoOn(body: Record<string, unknown>): AskedToGoOn {
  const { messages, input, contents } = body as Record<string, { messages?: unknown } | undefined>
  const list = (messages ?? input?.messages ?? contents) as unknown as { role: string }[]
  const last = list.at(-1)
  const isPrefix = last?.role === 'assistant'
  return { way: isPrefix ? 'prefix' : 'words', said: textOf(isPrefix ? last : list.at(-2)) }
}

function textOf(message: unknown): string {
  const { content, parts } = message as { content?: unknown; parts?: unknown }
  const value = content ?? parts
  if (typeof value === 'string') return value
  return (value as { text: string }[]).map(({ text }) => text).join('')
}

/** A whole answer as the wire's bytes, in pieces of those sizes. */
export function bodyOf(wire: Wire, text: string, size: number): string {
  const { open, text: frame, finish, marker } = words[wire]
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
  return open + pieces.map(frame).join('') + finish + marker
}

/** Bytes between the first text and the finish: a cut there is a break after content. */
export function breakable(wire: Wire, text: string, size: number): { from: number; to: number } {
  const { open, text: frame, finish, marker } = words[wire]
  const [first = ''] = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
  const whole = Buffer.byteLength(bodyOf(wire, text, size))
  return { from: Buffer.byteLength(open + frame(first)), to: whole - Buffer.byteLength(finish + marker) - 2 }
}

/** The first so many bytes, and then it breaks. */
export function brokenAt(wire: Wire, body: string, bytes: number, end: Reply['end'] = 'destroy'): Reply {
  const part = Buffer.from(body).subarray(0, bytes)
  const write = async (response: ServerResponse) => {
    // The bytes are on their way before the connection breaks, so that what was sent also arrives.
    await new Promise((resolve) => response.write(part, resolve))
    if (end === 'open') return
    if (end === 'end') return void response.end()
    response.socket?.end()
    await once(response, 'close')
  }
  return { contentType: words[wire].contentType, body: write }
}

/** Goes on with `whole` as a model does: exactly from a beginning, and asked in words with its last words again. */
export function goingOnWith(wire: Wire, server: () => WireServer, whole: string, repeated: number): Reply {
  const answer = (response: ServerResponse) => {
    const { way, said } = askedToGoOn(server().received.at(-1)?.body ?? {})
    const last = new RegExp(`(?:\\S+\\s*){0,${repeated}}$`, 'u').exec(said)?.[0].length ?? 0
    const again = way === 'words' ? last : 0
    response.end(bodyOf(wire, whole.slice(said.length - again), 7))
  }
  return { contentType: words[wire].contentType, body: answer }
}
