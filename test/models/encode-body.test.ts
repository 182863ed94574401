// A request's body on its way out: JSON that every provider reads.
import { expect, test } from 'vitest'
import { encodeBody } from '../../src/models/encode-body.ts'

test('half a character, for which providers refuse a request, is replaced wherever it stands', () => {
  const body = { messages: [{ content: 'cut \ud83d' }, { content: [{ text: '\ude00 off' }] }], whole: '😀' }
  const sent = encodeBody(body, 'openai')
  expect(JSON.parse(sent)).toEqual({
    messages: [{ content: 'cut \ufffd' }, { content: [{ text: '\ufffd off' }] }],
    whole: '😀',
  })
})

test('the text of an escape stays as it was written', () => {
  const body = { code: String.raw`"\ud83d"`, arguments: String.raw`{"a":"\ud83d\ude00"}` }
  expect(JSON.parse(encodeBody(body, 'openai'))).toEqual(body)
})
