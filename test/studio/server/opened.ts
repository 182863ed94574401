// A Studio as people open it, for tests: on a real port, with what a tab hears and what a program reads.
import { tmpdir } from 'node:os'
import { WebSocket } from 'ws'
import { openStudio, type Studio, type StudioOptions } from '../../../src/studio/index.ts'

export async function opened(options: StudioOptions = {}) {
  const studio = await openStudio({ port: 0, client: tmpdir(), ...options })
  return Object.assign(studio, { [Symbol.asyncDispose]: studio.close })
}

export const bearer = ({ token }: Studio) => ({ authorization: `Bearer ${token}` })
export const baseOf = ({ port }: Studio) => `http://127.0.0.1:${port}`

export async function read(studio: Studio, path: string) {
  return (await fetch(`${baseOf(studio)}${path}`, { headers: bearer(studio) })).json()
}

/** Frames of one tab, or of whoever is at another path, each as it is needed. `closed`: with which code it was hung up on. */
export async function tab(studio: Studio, path = '/live') {
  const socket = new WebSocket(`ws://127.0.0.1:${studio.port}${path}`, { headers: bearer(studio) })
  const frames: string[] = []
  const waiting: (() => void)[] = []
  socket.on('message', (data) => {
    frames.push(String(data))
    for (const go of waiting.splice(0)) go()
  })
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  const heard = async (part: string): Promise<string> => {
    const found = frames.find((frame) => frame.includes(part))
    if (found !== undefined) return found
    await new Promise<void>((resolve) => waiting.push(resolve))
    return heard(part)
  }
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  return { socket, frames, heard, closed, send: (frame: unknown) => socket.send(JSON.stringify(frame)) }
}
