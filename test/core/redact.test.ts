// Secrets leave no trace in text that somebody else wrote.
import { expect, test } from 'vitest'
import { redact as redactForms, redactJson as redactJsonForms, secretForms } from '../../src/core/redact.ts'

const redact = (text: string, secrets: string[]) => redactForms(text, secretForms(secrets))
const redactJson = (value: unknown, secrets: string[]) => redactJsonForms(value, secretForms(secrets))

test('every occurrence of every secret is replaced, also percent-encoded', () => {
  const secrets = ['sk-a+b/c=1', 'token-22']
  const text = `sk-a+b/c=1, sk-a%2Bb%2Fc%3D1, xtoken-22x, token-22`
  expect(redact(text, secrets)).toBe('[redacted], [redacted], x[redacted]x, [redacted]')
})

test('a secret in either alphabet of Base64 is replaced', () => {
  const secret = 'sk-???>>>~~~'
  const base64 = btoa(secret)
  expect(base64).toMatch(/[+/]/)
  expect(redact(`${base64} ${base64.replaceAll('+', '-').replaceAll('/', '_')}`, [secret])).toBe(
    '[redacted] [redacted]',
  )
})

test.each(['', 'k', 'ke', 'key', 'user:pass'])('a secret in Base64 behind %j is replaced', (before) => {
  const secret = 'sk-1234567890-abcdef'
  for (const after of ['', '!', '!!', ' and more']) {
    const clean = redact(btoa(`${before}${secret}${after}`), [secret])
    expect(clean).toContain('[redacted]')
    // At its ends a character is shared with what stands around it.
    const left = clean.replace('[redacted]', '').length
    expect(left - btoa(before + after).length).toBeLessThanOrEqual(4)
  }
})

test('characters that mean something in patterns are taken as they are', () => {
  expect(redact('a.b$&(c)', ['a.b$&(c)'])).toBe('[redacted]')
  expect(redact('axb$&(c)', ['a.b$&(c)'])).toBe('axb$&(c)')
})

test('a value of plain JSON is itself when it holds no secret, and else a clean copy', () => {
  const value = { list: [{ note: 'sk-1234567' }, 'plain'] }
  expect(redactJson(value, ['sk-7654321'])).toBe(value)
  expect(redactJson(value, ['sk-1234567'])).toEqual({ list: [{ note: '[redacted]' }, 'plain'] })
  expect(value.list[0]).toEqual({ note: 'sk-1234567' })
  expect(redactJson(null, ['sk-1234567'])).toBeNull()
})

test('short values are no keys, and ordinary words stay', () => {
  expect(redact('Bearer of news', ['Bear', 'news', ''])).toBe('Bearer of news')
  expect(redact('nothing here', [])).toBe('nothing here')
})

test('whatever a secret looks like, the clean copy is JSON of the same shape', () => {
  const value = { code: 429001, price: 0.429001, text: 'key 429001', 'name-429001': [true, null, 42] }
  expect(redactJson(value, ['429001'])).toEqual({
    code: '[redacted]',
    price: '[redacted]',
    text: 'key [redacted]',
    'name-[redacted]': [true, null, 42],
  })
  expect(redactJson({ message: 'a' }, ['"message":'])).toEqual({ message: 'a' })
})
