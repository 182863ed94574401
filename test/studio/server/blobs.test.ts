// Media that was said: whole, or the part that a player asks for.
import { describe, expect, test } from 'vitest'
import { rangeIn } from '../../../src/studio/server/routes-blobs.ts'
import { roomWithApp } from './studio-app.ts'

const url = `data:audio/wav;base64,${Buffer.from('0123456789').toString('base64')}`

async function kept() {
  const studio = await roomWithApp()
  const path = `/blob/${studio.parts.blobs.keep(url)}`
  const ask = (headers: Record<string, string> = {}) => studio.ask(path, { headers })
  return { ask, path, [Symbol.asyncDispose]: studio.close }
}

describe('a blob', () => {
  test('comes whole, and says that parts of it may be asked for', async () => {
    await using blob = await kept()
    const response = await blob.ask()
    expect([response.status, await response.text()]).toEqual([200, '0123456789'])
    expect(response.headers.get('accept-ranges')).toBe('bytes')
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/)
  })

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('gives the part %s', async (range, text, told) => {
    await using blob = await kept()
    const response = await blob.ask({ range })
    expect([response.status, await response.text()]).toEqual([206, text])
    expect(response.headers.get('content-range')).toBe(told)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
  })

  test.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('has no part %s', async (range) => {
    await using blob = await kept()
    const response = await blob.ask({ range })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })

  test('comes whole when the part was asked of another one', async () => {
    await using blob = await kept()
    expect((await blob.ask({ range: 'bytes=0-3', 'if-range': '"another"' })).status).toBe(200)
    expect((await blob.ask({ range: 'bytes=0-3', 'if-range': `"${blob.path.slice(6)}"` })).status).toBe(206)
  })
})

test.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,3-4', 'bytes=5-2'])(
  'what is no range means the whole: %j',
  (header) => {
    expect(rangeIn(header, 10)).toBe('whole')
  },
)
