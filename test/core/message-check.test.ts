// Blocks whose fields are not what their types promise, as stored files and plain JavaScript hold them.
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/core/error.ts'
import type { Block } from '../../src/core/message.ts'
import { Msg } from '../../src/core/message.ts'
import { checkMessage } from '../../src/core/message-check.ts'

const check = (message: unknown) => () => checkMessage(message as Msg, 3)
const holding = (...blocks: unknown[]) => check(new Msg('Ann', blocks as Block[], 'user'))
const result = (output: unknown) => ({ type: 'tool_result', id: 'c', output })

describe('a block is refused, with its place, its field and what came', () => {
  it.each<[unknown, string]>([
    [{ type: 'text' }, 'the text of a block of type text must be a string, got nothing'],
    [{ type: 'text', text: 5 }, 'the text of a block of type text must be a string, got the number 5'],
    [{ type: 'thinking', thinking: null }, 'the thinking of a block of type thinking must be a string, got null'],
    [{ type: 'tool_use', name: 'wx' }, 'the id of a block of type tool_use must be a string that is not empty'],
    [{ type: 'tool_use', id: 'c' }, 'the name of a block of type tool_use must be a string that is not empty'],
    [{ type: 'tool_use', id: 'c', name: 'wx', rawInput: {} }, 'the rawInput of a block of type tool_use must be'],
    [{ type: 'tool_result', output: 'ok' }, 'the id of a block of type tool_result must be a string'],
    [result(undefined), 'the output of a block of type tool_result must be a string or a list'],
    [result({ ok: true }), 'must be a string or a list of text and media blocks, got an object (Object)'],
    [{ type: 'image' }, 'the url of a block of type image must be a string that is not empty, got nothing'],
    [
      { type: 'image', url: 5 },
      'the url of a block of type image must be a string that is not empty, got the number 5',
    ],
    [{ type: 'audio', url: '' }, 'the url of a block of type audio must be a string that is not empty'],
    [{ type: 'file', url: 'a.txt', mimeType: 1 }, 'the mimeType of a block of type file must be a string'],
    [{ type: 'text', text: 'Hi', signature: null }, 'the signature of a block of type text must be a string, got null'],
    [{ type: 'raw', value: 1 }, 'the dialect of a block of type raw must be a string'],
    ['Hi', 'must be a block, got a string of 2 characters'],
    [{ type: 'constructor' }, 'is a block of the type "constructor", which is not known'],
  ])('%j', (block, words) => {
    const message = expect.stringMatching(/^messages\[3\]\.content\[1\] \(Ann\)/)
    expect(holding({ type: 'text', text: 'Hi' }, block)).toThrow(
      expect.objectContaining({ type: 'input', message, advice: expect.any(String) }),
    )
    expect(holding({ type: 'text', text: 'Hi' }, block)).toThrow(words)
  })

  it('inside a tool result too', () => {
    expect(holding(result([{ type: 'image', url: 5 }]))).toThrow(/messages\[3\]\.content\[0\]\.output\[0\].* the url/)
    expect(holding(result([null]))).toThrow(/output\[0\] \(Ann\) must be a block, got null/)
    expect(holding(result([{ type: 'tool_use', id: 'c', name: 'wx' }]))).toThrow(/which a tool result cannot hold/)
  })
})

it.each([
  { role: 10n, content: 'Hi' },
  { role: 'user', name: 5, content: 'Hi' },
  { role: 'user', content: null },
])('a message that is none is refused by a typed error, case %#', (message) =>
  expect(check(message)).toThrow(InputError),
)

it('lets everything through that the types allow, empty texts and absent inputs too', () => {
  const call = { type: 'tool_use', id: 'c', name: 'wx' }
  const parts = [{ type: 'text', text: '' }, { type: 'thinking', thinking: '', redacted: 'x' }, call, result('')]
  const media = { type: 'image', url: 'a.png', mimeType: 'image/png' }
  expect(holding(...parts, result([media]), media, { type: 'raw', dialect: 'gemini', value: null })).not.toThrow()
  expect(check({ role: 'user', content: '' })).not.toThrow()
})
