// MarkdownCodeBlockParser: the code of a fenced block, and of one whose fence was forgotten.
import { expect, it } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import { MarkdownCodeBlockParser, TagNotFoundError } from '../../src/parsers/index.ts'

const parser = new MarkdownCodeBlockParser({ language: 'python' })
const code = '  def f():\n    return 1'

it('tells the model the fences and what belongs between them', () => {
  expect(parser.formatInstruction).toContain('```python\n{your python code}\n```')
  const other = new MarkdownCodeBlockParser({ language: 'sql', contentHint: 'one query' })
  expect(other.formatInstruction).toContain('```sql\none query\n```')
})

it.each([
  ['a block in its language', `Here:\n\`\`\`python\n${code}\n\`\`\`\nDone.`],
  ['the language in capitals', `\`\`\`Python\r\n${code}\n\`\`\``],
  ['a block that names no language', `\`\`\`\n${code}\n\`\`\``],
  ['its own block rather than one before', `\`\`\`sh\nls\n\`\`\`\n\`\`\`\nout\n\`\`\`\n\`\`\`python\n${code}\n\`\`\``],
  ['a block of four ticks', `\`\`\`\`python\n${code}\n\`\`\`\``],
  ['a forgotten closing fence', `\`\`\`python\n${code}\n`],
  ['a forgotten opening fence', `${code}\n\`\`\``],
])('reads %s, indentation and all', async (_, text) => {
  expect((await parser.parse(text)).parsed).toBe(code)
})

it('reads code on one line, and code that quotes a fence', async () => {
  expect((await parser.parse('```python print(1)```')).parsed.trim()).toBe('print(1)')
  expect((await parser.parse('```python\nx = "```"\ny = 1\n```')).parsed).toBe('x = "```"\ny = 1')
})

it.each([
  ['no code', 'I cannot.', ['```python', '```']],
  ['another language', '```sh\nls\n```', ['```python']],
])('refuses an answer with %s, and says what is missing', async (_, text, missing) => {
  const failure = await parser.parse(text).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(TagNotFoundError)
  expect(failure).toMatchObject({ missing, received: text })
})

it('needs a language', () => {
  expect(() => new MarkdownCodeBlockParser({ language: '' })).toThrow(ConfigError)
})
