// Our own replies of each wire: what comes out is the same, however the network cuts them and whatever ends the lines.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { comparable, decoded, fetchOf } from '../suites/decode.ts'
import { cut } from '../suites/wire-server.ts'
import { dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const folder = join(import.meta.dirname, '../fixtures')
const fixtures = dialectWires.flatMap((wire) => readdirSync(join(folder, wire)).map((file) => ({ wire, file })))
const lineEnds = { LF: '\n', CRLF: '\r\n', CR: '\r' }

async function eventsOf(wire: Wire, bytes: Uint8Array, size: number): Promise<unknown[]> {
  const fetch = fetchOf(cut(bytes, size), words[wire].contentType)
  return comparable((await decoded(wrapperFor(wire, { fetch }))).events)
}

describe.each(fixtures)('$wire/$file', ({ wire, file }) => {
  const body = readFileSync(join(folder, wire, file), 'latin1')

  test.each(['LF', 'CRLF', 'CR'] as const)(
    'gives the same events with %s, whole and cut to 64, 7 and 1 bytes',
    async (name) => {
      const expected = await eventsOf(wire, Buffer.from(body, 'latin1'), body.length)
      const bytes = Buffer.from(body.replaceAll('\n', lineEnds[name]), 'latin1')
      for (const size of [bytes.length, 64, 7, 1]) expect(await eventsOf(wire, bytes, size)).toEqual(expected)
    },
  )
})

const said = {
  greeting: { text: 'Good morning, 你好世界 🌍é — done.', thinking: null, reason: 'stop' },
  thinking: { text: 'Tulips, in October.', thinking: 'Roses or 郁金香? 🌷', reason: 'stop' },
}

describe.each(dialectWires)('%s', (wire) => {
  const served = async (name: string) => {
    const file = fixtures.find((each) => each.wire === wire && each.file.startsWith(name))!.file
    const fetch = fetchOf([readFileSync(join(folder, wire, file))], words[wire].contentType)
    return (await decoded(wrapperFor(wire, { fetch }))).response
  }

  test.each(['greeting', 'thinking'] as const)('gives the words of the %s', async (name) => {
    const { text, thinking, ending, usage } = await served(name)
    expect({ text, thinking, reason: ending?.reason }).toEqual(said[name])
    expect(ending).toMatchObject({ complete: true })
    if (!(wire === 'openai' && name === 'thinking')) expect(usage?.outputTokens).toBeGreaterThan(0)
  })

  test('gives the tool calls with proved inputs', async () => {
    const { toolCalls, ending } = await served('tools')
    expect(toolCalls.map(({ input }) => input)).toEqual(
      wire === 'dashscope' ? [{ bed: '北🌱' }] : [{ bed: 3 }, { bed: '北🌱' }],
    )
    expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(toolCalls.length)
    expect(ending).toMatchObject({ reason: 'tool-calls', complete: true })
  })

  test('keeps what came before a failure, and nothing after it', async () => {
    const { text, ending, error } = await served('failure')
    expect(text).toBe('The hose is ')
    expect(ending).toMatchObject({ reason: 'error', complete: false })
    expect(error?.message).toContain('The pump stopped.')
    expect(error?.partialText).toBe('The hose is ')
  })
})
