// What is shown of a tail that is still being written; no DOM is needed for it.
import { describe, expect, test } from 'vitest'
import { showTail } from '../../../src/studio/web/hot/hold-back.ts'

const shown = (tail: string) => showTail(tail, true).text

describe('the tail of a text being written', () => {
  test.each([
    ['words **', 'words '],
    ['words **bo', 'words **bo**'],
    ['words **bold*', 'words **bold**'],
    ['words **bold** and', 'words **bold** and'],
    ['a `co', 'a `co`'],
    ['a ``co`', 'a ``co``'],
    ['~~go', '~~go~~'],
    ['**a *b', '**a *b***'],
    ['2 * 3', '2 * 3'],
    ['snake_case', 'snake_case'],
    ['see [the do', 'see the do'],
    ['see [the docs]', 'see the docs'],
    ['see [the docs](http://a.exam', 'see the docs'],
    ['see [the docs](http://a.example) now', 'see [the docs](http://a.example) now'],
    ['see [1] now', 'see [1] now'],
    ['![al](http://', 'al'],
    ['<https://a.exa', 'https://a.exa'],
    ['a \\', 'a '],
  ])('%j is shown as %j', (tail, text) => expect(shown(tail)).toBe(text))

  test.each(['#', '##', '- ', '1.', '12', '---', '```j', '> ', '- [', '- [x]', '| a | b |', '| a |\n|--', '| a |\n'])(
    'a line %j waits until it says what it is',
    (line) => {
      expect(showTail(`before\n${line}`, true)).toMatchObject({ text: 'before\n', held: true })
      expect(showTail(`before\n${line}`, false).text).toContain(line.trim().slice(0, 2))
    },
  )

  test('what is settled in the tail is not touched', () => {
    const { text, intact } = showTail('one [1]\n\ntwo **x', true)
    expect(text.slice(0, intact)).toBe('one [1]\n\ntwo **x')
  })
})
