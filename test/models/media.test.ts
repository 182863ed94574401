// Local files become data URIs before a wire sees them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type Block, Msg } from '../../src/core/message.ts'
import { formatOllama } from '../../src/dialects/ollama.format.ts'
import { inlineLocalMedia } from '../../src/models/media.ts'
import * as c from '../dialects/conversations.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentscope-media-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, bytes: number[] | string): string {
  const path = join(folder, name)
  writeFileSync(path, typeof bytes === 'string' ? bytes : Uint8Array.from(bytes))
  return path
}

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const webpStart = [0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50]
const inlined = (block: Block): Block => {
  const [message] = inlineLocalMedia([c.said('Ann', 'user', [block])])
  return (message!.content as Block[])[0]!
}

describe('inlineLocalMedia', () => {
  it.each([
    ['a.png', 'image', 'image/png'],
    ['a.JPG', 'image', 'image/jpeg'],
    ['a b.jpeg', 'image', 'image/jpeg'],
    ['a.gif', 'image', 'image/gif'],
    ['a.webp', 'image', 'image/webp'],
    ['a.bmp', 'image', 'image/bmp'],
    ['a.mp3', 'audio', 'audio/mpeg'],
    ['a.wav', 'audio', 'audio/wav'],
    ['a.mp4', 'video', 'video/mp4'],
  ] as const)('reads %s, %s, as %s by path and by file URL', (name, type, mimeType) => {
    const path = file(name, 'hi')
    for (const url of [path, pathToFileURL(path).href]) {
      expect(inlined(c.media(type, url))).toEqual({ type, mimeType, url: `data:${mimeType};base64,aGk=` })
    }
  })

  it('keeps the name of a file', () => {
    expect(inlined(c.media('file', file('a.pdf', 'hi')))).toEqual({
      type: 'file',
      mimeType: 'application/pdf',
      url: 'data:application/pdf;base64,aGk=',
      metadata: { filename: 'a.pdf' },
    })
  })

  it.each([
    ['png', pngStart, 'image/png'],
    ['jpeg', [0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
    ['gif', [0x47, 0x49, 0x46, 0x38, 0x39], 'image/gif'],
    ['webp', webpStart, 'image/webp'],
  ])('knows a %s image without an extension by its start', (name, bytes, mimeType) => {
    expect(inlined(c.media('image', file(`bare-${name}`, bytes)))).toMatchObject({ mimeType })
  })

  it("believes the block's own type", () => {
    expect(inlined({ type: 'image', url: file('x.dat', 'hi'), mimeType: 'image/heic' })).toMatchObject({
      url: 'data:image/heic;base64,aGk=',
    })
  })

  it('reaches into tool results and leaves the rest of the message alone', () => {
    const blocks = [c.text('x'), c.result('c1', [c.text('Map'), c.media('image', file('m.png', 'hi'))])]
    const given = c.said('sys', 'system', blocks)
    const [message] = inlineLocalMedia([given])
    expect(message).toEqual({
      ...given,
      content: [
        c.text('x'),
        c.result('c1', [c.text('Map'), { type: 'image', mimeType: 'image/png', url: 'data:image/png;base64,aGk=' }]),
      ],
    })
    expect(given.content).toBe(blocks)
  })

  it('returns messages without local media as the same objects', () => {
    const remote = ['https://x.test/a.png', 'http://x.test/a.png', c.png, 'oss://bucket/a.png']
    const messages = [...c.tools, ...remote.map((url) => c.said('Ann', 'user', [c.media('image', url)]))]
    for (const [index, message] of inlineLocalMedia(messages).entries()) expect(message).toBe(messages[index])
  })

  it.each([
    ['a missing file', () => join(folder, 'gone.png'), 'ENOENT'],
    ['a folder', () => folder, 'EISDIR'],
    ['a file URL of another host', () => 'file://elsewhere/a.png', 'ERR_INVALID_FILE_URL_HOST'],
  ])('refuses %s, naming path, position, reason and remedy', (_what, url, code) => {
    const messages = [...c.conv, c.said('Ann', 'user', [c.media('image', url())])]
    expect(() => inlineLocalMedia(messages)).toThrow(
      expect.objectContaining({
        type: 'input',
        code,
        message: `messages[4].content[0]: the image ${url()} cannot be read (${code}).`,
        advice: expect.stringContaining('Check the path'),
      }),
    )
  })

  it.each(['image', 'audio', 'file'] as const)('refuses %s whose type cannot be told', (type) => {
    expect(() => inlined(c.media(type, file('mystery', 'hi')))).toThrow(
      expect.objectContaining({ type: 'input', advice: expect.stringContaining('mimeType') }),
    )
  })

  it('makes a local image fit for a wire, which alone refuses it', () => {
    const messages = c.showing('image', file('wire.png', 'hi'))
    expect(() => formatOllama(messages, 'chat', { replaysThinking: false })).toThrow(
      /a local file that is not read yet/,
    )
    expect(formatOllama(inlineLocalMedia(messages), 'chat', { replaysThinking: false })).toEqual([
      { role: 'user', content: 'See:', images: ['aGk='] },
    ])
  })
})

it('does not print bytes in base64 where a path belongs', () => {
  const url = 'iVBORw0KGgo'.repeat(20_000)
  const message = new Msg('Ann', [{ type: 'image', url }], 'user')
  try {
    inlineLocalMedia([message])
    expect.unreachable()
  } catch (error) {
    expect((error as Error).message.length).toBeLessThan(300)
    expect(error).not.toHaveProperty('cause')
  }
})
