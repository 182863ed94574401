// A program of Python AgentScope at a Studio with a token: it registers under an address that carries it, and is answered.
import { io } from 'socket.io-client'
import { describe, expect, test } from 'vitest'
import { openStudio, type Studio } from '../../../src/studio/index.ts'

function call({ port, token }: Studio, procedure: string, body: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/t/${token}/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

describe('a program of Python AgentScope', () => {
  test('gets the answer to its own question over socket.io', async () => {
    const studio = await openStudio({ port: 0 })
    await using _close = { [Symbol.asyncDispose]: studio.close }
    const run = { id: 'py1', project: 'p', name: 'n', timestamp: '2026-01-01 10:00:00.000', status: 'running' }
    expect((await call(studio, 'registerRun', run)).status).toBe(200)
    const socket = io(`http://127.0.0.1:${studio.port}/python`, { auth: { run_id: 'py1' }, transports: ['websocket'] })
    const given = new Promise((resolve) =>
      socket.on('forwardUserInput', (...words: unknown[]) => resolve(words.slice(0, 3))),
    )
    await new Promise((resolve, reject) => socket.on('connect', () => resolve(undefined)).on('connect_error', reject))
    const question = { requestId: 'q1', runId: 'py1', agentId: 'a', agentName: 'User', structuredInput: null }
    expect((await call(studio, 'requestUserInput', question)).status).toBe(200)
    expect(studio.answers.answer('py1', 'q1', 'key', { content: 'Yes' }, 'tab 1')).toBe('ok')
    expect(await given).toEqual(['q1', [{ type: 'text', text: 'Yes' }], null])
    socket.disconnect()
  })

  test('is refused at a door of another page, and without a run that was registered', async () => {
    const studio = await openStudio({ port: 0 })
    await using _close = { [Symbol.asyncDispose]: studio.close }
    const run = { id: 'py1', project: 'p', name: 'n', timestamp: '2026-01-01 10:00:00.000', status: 'running' }
    await call(studio, 'registerRun', run)
    const refused = (runId: string, headers: Record<string, string>) => {
      const auth = { run_id: runId }
      const options = { auth, transports: ['websocket'], extraHeaders: headers, reconnection: false, forceNew: true }
      const socket = io(`http://127.0.0.1:${studio.port}/python`, options)
      return new Promise((resolve) => {
        socket.on('connect', () => resolve(false)).on('connect_error', () => resolve(true))
      }).finally(() => socket.disconnect())
    }
    expect(await refused('other', {})).toBe(true)
    expect(await refused('py1', { origin: 'http://evil.example' })).toBe(true)
    expect(await refused('py1', { host: 'evil.example' })).toBe(true)
    expect(await refused('py1', {})).toBe(false)
  })
})
