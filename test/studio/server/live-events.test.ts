// The same frames as server-sent events: an id on each, and whoever comes back with the last one goes on from there.
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerFrame } from '../../../src/studio/protocol/frames.ts'
import { RunModel } from '../../../src/studio/protocol/model.ts'
import { begun, roomWithApp, spoken } from './studio-app.ts'

interface SentEvent {
  id: string
  frame: ServerFrame
}

const left: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const leave of left.splice(0)) await leave()
})

type Studio = Awaited<ReturnType<typeof roomWithApp>>

/** Events as they are read; `leave` hangs up. */
async function events(studio: Studio, lastId?: string) {
  const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId }
  const response = await studio.ask('/api/runs/one/events', { headers })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async (): Promise<SentEvent> => {
    const end = text.indexOf('\n\n')
    if (end >= 0) {
      const fields = Object.fromEntries(text.slice(0, end).split('\n').map(fieldOf))
      text = text.slice(end + 2)
      return { id: fields['id'] as string, frame: JSON.parse(fields['data'] as string) as ServerFrame }
    }
    text += decoder.decode((await reader.read()).value, { stream: true })
    return next()
  }
  left.push(() => reader.cancel())
  return { response, next, leave: () => reader.cancel() }
}

function fieldOf(line: string): [string, string] {
  const at = line.indexOf(': ')
  return [line.slice(0, at), line.slice(at + 2)]
}

/** Reads into the model until it holds that text, and gives the last id and all text that was sent. */
async function readUntil({ next }: Awaited<ReturnType<typeof events>>, model: RunModel, wanted: string) {
  let sent = ''
  for (;;) {
    const { id, frame } = await next()
    if (frame.t !== 'b') continue
    for (const op of frame.ops) if (op[0] === '+') sent += op[3]
    expect(model.apply(frame)).toBe(false)
    if (model.parts.get('m.0')?.text === wanted && !frame.more) return { id, sent }
  }
}

const [start, block, , ...over] = spoken('m', '', 2_000_000_000_000)
const said = (delta: string) => spoken('m', delta, 2_000_000_000_000)[2] as NonNullable<typeof start>
const opening = [begun('one'), start, block].filter((record) => record !== undefined)

describe('server-sent events', () => {
  test('have an id each, from the greeting on', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', ...opening, said('Hello'))
    const { response, next } = await events(studio)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(await next()).toMatchObject({ id: '0', frame: { t: 'hi', proto: 1 } })
    expect(await next()).toMatchObject({ id: expect.stringMatching(/^\d+;m\.0=5$/), frame: { t: 'b', run: 'one' } })
  })

  test('go on behind the last id: nothing is lost and no text comes twice', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', ...opening, said('first '))
    const model = new RunModel('one')
    let id: string | undefined
    let told = 'first '
    for (const word of ['second ', 'third ', 'fourth']) {
      const reader = await events(studio, id)
      const before = await readUntil(reader, model, told)
      if (id !== undefined) expect(before.sent).not.toContain('first')
      id = before.id
      await reader.leave()
      await studio.log('one', said(word))
      told += word
    }
    await studio.log('one', ...over)
    const { sent } = await readUntil(await events(studio, id), model, told)
    expect([sent, model.parts.get('m.0')?.closed]).toEqual(['fourth', true])
  })

  test('break off in the midst of a long text and go on there', async () => {
    await using studio = await roomWithApp()
    const text = Array.from({ length: 60_000 }, (_, at) => `${at} `).join('')
    await studio.log('one', ...opening, said(text), ...over)
    const model = new RunModel('one')
    const first = await events(studio)
    let last = await first.next()
    while (last.frame.t !== 'b') last = await first.next()
    model.apply(last.frame)
    await first.leave()
    const had = model.parts.get('m.0')?.text.length ?? 0
    expect(had).toBeGreaterThan(10_000)
    const { sent } = await readUntil(await events(studio, last.id), model, text)
    expect(sent).toBe(text.slice(had))
  })

  test.each(['x', '-1', '5;m.0', '5;m.0=-2', '5;%=3', '5;m.0=1=2'])('refuse an id that is none: %s', async (id) => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one'))
    const { response } = await events(studio, id)
    expect(response.status).toBe(400)
  })

  test('begin anew for an id of another journal', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', ...opening, said('Hello'))
    const reader = await events(studio, '999999;gone.0=7')
    await reader.next()
    expect((await reader.next()).frame).toMatchObject({ t: 'b', reset: true })
  })
})
