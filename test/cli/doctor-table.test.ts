// The doctor's table at 80 and 40 columns: nothing wider than the terminal, nothing lost.
import { expect, test } from 'vitest'
import { reportText } from '../../src/cli/doctor-table.ts'
import { style } from '../../src/terminal/style.ts'
import { widthOf } from '../../src/terminal/width.ts'
import { around, chunk, examined } from '../doctor/quirky-server.ts'

test.each([80, 40])('it fits %i columns', async (columns) => {
  const body = `: ping\n\n${around(chunk({ content: '<think>Hm.</think>Hello.', tool_calls: null }))}`
  const text = reportText(await examined({ body }), columns, style(false))
  expect(text.split('\n').filter((line) => widthOf(line) > columns)).toEqual([])
  for (const words of ['think-tags', 'null-tool-calls', 'comments', 'thinkTags: true']) expect(text).toContain(words)
})

test('a model with a hostile name stays a string of the configuration', async () => {
  const report = await examined({ body: around(chunk({ content: 'Hello.' })) }, { model: `a'b\\c\u001b[2J\u009b1m\n"` })
  const text = reportText(report, 80, style(false))
  expect(text).toContain(String.raw`modelName: 'a\'b\\c\u001b[2J\u009b1m\n"'`)
  expect(['\u001b', '\u009b'].filter((control) => text.includes(control))).toEqual([])
})

test('what a server says cannot move the cursor', async () => {
  const body = JSON.stringify({ error: { message: 'no\u001b[2Jthing \u001b]0;title\u0007here' } })
  const report = await examined({ status: 403, contentType: 'application/json', body })
  const text = reportText(report, 80, style(false))
  expect(text).toContain('nothing here')
  expect(text).not.toContain('\u001b')
})
