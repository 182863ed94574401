// Colours: the ones AgentScope picks, and none where they are not wanted.
import { describe, expect, it } from 'vitest'
import { colorOf, style, wantsColor } from '../../src/terminal/style.ts'

it.each([
  ['Alice', 93],
  ['Bob', 91],
  ['Friday', 91],
  ['system', 93],
  ['User', 95],
])('%s has the colour %i, as in AgentScope', (name, color) => {
  expect(colorOf(name)).toBe(color)
})

it('paints a name and nothing around it', () => {
  expect(style(true).name('Alice')).toBe('\u001b[93mAlice\u001b[0m')
  expect(style(true).dim('')).toBe('')
  expect(style(false).name('Alice') + style(false).dim('a') + style(false).alert('b')).toBe('Aliceab')
})

describe('colour is wanted', () => {
  const tty = { isTTY: true }
  it.each<[string, object, Record<string, string>, boolean]>([
    ['in a terminal', tty, { TERM: 'xterm' }, true],
    ['not in a pipe', {}, {}, false],
    ['not with NO_COLOR', tty, { NO_COLOR: '1' }, false],
    ['not with NO_COLOR, whatever FORCE_COLOR says', tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['with an empty NO_COLOR, which does not count', tty, { NO_COLOR: '' }, true],
    ['in a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, false],
    ['not in a dumb terminal', tty, { TERM: 'dumb' }, false],
  ])('%s', (_, output, environment, wanted) => {
    expect(wantsColor(output, environment)).toBe(wanted)
  })
})
