// A question at the terminal: who waits for whom, several lines, fields, approvals, and the history.
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { InputRequest } from '../../src/core/event.ts'
import { type Answer, assembleScope } from '../../src/scope.ts'
import type { TerminalOptions } from '../../src/terminal/index.ts'
import { keyboard, onPaper, onScreen, Paper, told, toolResult } from './paper.ts'

const request: InputRequest = { type: 'input-request', id: 'q-1', name: 'User' }
const never = new AbortController().signal
const soon = () => new Promise((resolve) => setImmediate(resolve))

/** A person at a keyboard; `editing` with cursor keys. */
function person(editing = false, options: TerminalOptions = {}) {
  const input = keyboard(true)
  const paper = new Paper({ isTTY: true })
  const shown = onPaper({ input, color: editing, lanes: false, ...options }, paper)
  return { ...shown, input, type: (text: string) => void input.write(text) }
}

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string', description: 'Where to look' },
    days: { type: 'integer', minimum: 1, default: 3 },
    units: { enum: ['celsius', 'fahrenheit'] },
    note: { type: 'string' },
  },
  required: ['city', 'units'],
}

describe('a question among messages', () => {
  it('does not wait for tool results that wait for the answer, and both stand in lines of their own', async () => {
    const { paper, screen, show, type } = person()
    const [start, result] = toolResult('c-1', 'look')
    const delta = { type: 'tool-result-delta', id: 'm-results', index: 0, delta: 'half a ' } as const
    show(start, result, delta)
    const answer = screen.ask({ ...request, text: 'Go on?' }, never)
    await soon()
    expect(paper.text).toBe('Friday ← look: half a \nGo on? ')
    type('yes\n')
    expect(await answer).toBe('yes')
    await soon()
    show({ ...delta, delta: 'line' })
    expect(paper.text).toBe('Friday ← look: half a \nGo on? Friday ← look: line')
  })

  it('comes in between when the message in front has been silent for a second', async () => {
    const { screen, clock, terminal, show } = onScreen({ input: keyboard(true), lanes: false })
    show(...told((w) => w.text('Hm')).slice(0, 3))
    const answer = terminal.ask(request, never).catch(() => 'closed')
    clock.pass(999)
    await soon()
    expect(screen.visible).toEqual(['Friday: Hm'])
    clock.pass(1)
    await soon()
    expect(screen.visible).toEqual(['Friday: Hm', 'User Input:'])
    terminal.close()
    expect(await answer).toBe('closed')
  })

  it('has the bottom line to itself while others speak, and they are seen again afterwards', async () => {
    const input = keyboard(true)
    const { screen, clock, terminal, show } = onScreen({ input })
    const [alice, bob] = ['Alice', 'Bob'].map((name) => told((w) => w.text(`${name} speaks`), name, name))
    show(alice![0]!, bob![0]!, ...alice!.slice(1, 3))
    const answer = terminal.ask(request, never)
    await soon()
    show(...bob!.slice(1, 3))
    clock.pass(100)
    expect(screen.visible).toEqual(['User Input:'])
    input.write('Hi!\n')
    screen.write('Hi!\n')
    expect(await answer).toBe('Hi!')
    await soon()
    clock.pass(100)
    expect(screen.visible).toEqual(['User Input: Hi!', 'Alice │ Alice speaks', 'Bob   │ Bob speaks'])
    show(...alice!.slice(3), ...bob!.slice(3))
    expect(screen.lines).toEqual(['User Input: Hi!', 'Alice: Alice speaks', 'Bob: Bob speaks'])
  })
})

describe('an answer of several lines', () => {
  it('is typed with a backslash at the end of a line; two of them are meant as they are', async () => {
    const { paper, screen, type } = person()
    const answer = screen.ask(request, never)
    await soon()
    type('one\\\n')
    await soon()
    type('two\\\\\n')
    expect(await answer).toBe('one\ntwo\\\\')
    expect(paper.text).toBe('User Input: ... ')
  })

  it.each([
    ['pasted', '\u001b[200~one\r\ntwo\nthree\n\u001b[201~\r', 'one\ntwo\nthree'],
    ['pasted between typed words', 'a \u001b[200~b\nc\u001b[201~ d\r', 'a b\nc d'],
    ['typed with Alt-Enter', 'one\u001b\rtwo\r', 'one\ntwo'],
  ])('%s is one answer', async (_, keys, text) => {
    const { screen, type, paper } = person(true)
    const answer = screen.ask(request, never)
    await soon()
    type(keys)
    expect(await answer).toBe(text)
    await soon()
    expect(paper.text.split('\u001b[?2004h')).toHaveLength(paper.text.split('\u001b[?2004l').length)
  })

  it('may come in any pieces', async () => {
    const { screen, type } = person(true)
    const answer = screen.ask(request, never)
    await soon()
    for (const key of 'x\u001b[200~é\n好\u001b[201~y\r') type(key === '\u001b' ? `${key}[` : key === '[' ? '' : key)
    expect(await answer).toBe('xé\n好y')
  })
})

describe('a request with a schema', () => {
  it('is asked for field by field, and a wrong answer is told and asked for again', async () => {
    const { paper, screen, type } = person()
    const answer = screen.ask({ ...request, text: 'The trip', schema }, never)
    for (const line of ['', 'Rome', 'many', '', '2', '']) {
      await soon()
      type(`${line}\n`)
    }
    const value = { city: 'Rome', days: 3, units: 'fahrenheit' }
    expect(await answer).toEqual({ value, content: JSON.stringify(value) })
    const prompts = paper.text.split(/(?<=: )(?=\S| {2})|\n/)
    expect(prompts.filter((line) => line !== '')).toEqual([
      'The trip',
      '  Where to look',
      '  city (text): ',
      '  city: ',
      'This needs an answer.',
      '  city (text): ',
      '  days (whole number, optional) [3]: ',
      '  days: ',
      'This needs a number, not "many".',
      '  days (whole number, optional) [3]: ',
      '  units (celsius / fahrenheit): ',
      '  note (text, optional): ',
    ])
  })

  it('that comes through a pipe is answered line by line without a question', async () => {
    const input = keyboard()
    const { paper, screen } = onPaper({ input })
    input.end('Rome\n\ncelsius\n\n')
    expect(await screen.ask({ ...request, schema }, never)).toMatchObject({ value: { city: 'Rome', days: 3 } })
    expect(paper.text).toBe('')
  })
})

describe('a request for approval', () => {
  const approval = { tool: 'remove', callId: 'c-1', input: { path: '/tmp/a\u202eb', all: true } }

  it('shows the whole call, and nothing in it can hide', async () => {
    const { paper, screen, type } = person()
    const answer = screen.ask(
      {
        ...request,
        name: 'Friday',
        text: `Allow remove(${JSON.stringify(approval.input)})? yes / no:`,
        schema,
        approval,
      },
      never,
    )
    await soon()
    type('no, ask me first\n')
    expect(await answer).toBe('no, ask me first')
    const call = 'Friday → remove\n{\n  "path": "/tmp/a\\u202eb",\n  "all": true\n}\n'
    expect(paper.text).toBe(`${call}Allow remove? yes / no: `)
  })
})

describe('a question that is answered elsewhere', () => {
  async function answered(asked: InputRequest, options: TerminalOptions & { typed?: string } = {}, columns = 80) {
    const { typed = '', ...looks } = options
    const input = keyboard(true)
    const shown = onScreen({ input, color: true, lanes: false, ...looks }, columns)
    shown.show(...told((w) => w.text('Hm.'), 'Friday', 'm-0'))
    const page = Promise.withResolvers<Answer>()
    const inputs = [shown.terminal, { place: 'Studio', ask: () => page.promise }]
    const scope = assembleScope({ sinks: [shown.terminal], inputs })
    const answer = scope.ask({ name: 'User', id: 'u' }, asked)
    await soon()
    input.write(typed)
    await soon()
    const approval = asked.approval !== undefined
    page.resolve(approval ? { value: { decision: 'allow' } } : 'The small one.')
    await answer
    await soon()
    return { ...shown, scope }
  }

  it('leaves the screen to who answered what, and the words that were not sent', async () => {
    const { screen } = await answered(request, { typed: 'The lar' })
    expect(screen.lines).toEqual(['Friday: Hm.', '(not sent: The lar)', 'answered in Studio: The small one.'])
    expect(screen.isAtRest).toBe(true)
  })

  it('keeps the question that was put in words, also one of several rows', async () => {
    const text = 'Which of all these hotels shall it be, the small one or the large one?'
    const { screen } = await answered({ ...request, text }, { typed: 'a longer answer' }, 30)
    expect(screen.lines).toEqual([
      'Friday: Hm.',
      text,
      '(not sent: a longer answer)',
      'answered in Studio: The small one.',
    ])
  })

  it('is not said a second time when the answer is spoken, and others go on', async () => {
    const { screen, show } = await answered(request)
    show(...told((w) => w.text('The small one.'), 'User', request.id))
    show(...told((w) => w.text('It is booked.')))
    expect(screen.lines).toEqual(['Friday: Hm.', 'answered in Studio: The small one.', 'Friday: It is booked.'])
  })

  it('tells the decision on a call', async () => {
    const approval = { tool: 'remove', callId: 'c', input: {} }
    const { screen } = await answered({ ...request, name: 'Friday', text: 'Allow it?', approval })
    expect(screen.lines).toEqual(['Friday: Hm.', 'Friday → remove {}', 'answered in Studio: allow'])
  })

  it('stands in a line of its own where no line can be taken back', async () => {
    const { screen } = await answered(request, { color: false })
    expect(screen.lines).toEqual(['Friday: Hm.', 'User Input:', 'answered in Studio: The small one.'])
  })
})

describe('the history', () => {
  const up = '\u001b[A'
  const file = () => join(mkdtempSync(join(tmpdir(), 'history-')), 'answers', 'of-mine')

  async function answers(historyFile: string, ...keys: string[]): Promise<unknown[]> {
    const { screen, type } = person(true, { historyFile })
    const given: unknown[] = []
    for (const each of keys) {
      const answer = screen.ask(each.startsWith('!') ? { ...request, schema: { type: 'string' } } : request, never)
      await soon()
      type(`${each.replace('!', '')}\r`)
      given.push(await answer)
      await soon()
    }
    return given
  }

  it('brings back what was answered, each once, also in the next session, and only its owner may read it', async () => {
    const place = file()
    expect(await answers(place, 'one', 'two\u001b\rlines', 'one', `${up}${up}`)).toHaveLength(4)
    expect(await answers(place, up, `${up}${up}`)).toEqual(['two\nlines', 'one'])
    expect(statSync(place).mode & 0o777).toBe(0o600)
  })

  it('never holds what was answered to a schema', async () => {
    const place = file()
    await answers(place, 'plain', '!secret')
    expect(readFileSync(place, 'utf8')).toBe('"plain"\n')
  })

  it('keeps the newest 1,000, whatever else stands in the file', async () => {
    const place = join(mkdtempSync(join(tmpdir(), 'history-')), 'h')
    writeFileSync(place, `not ours\n${Array.from({ length: 2000 }, (_, at) => `"${at}"\n`).join('')}`)
    await answers(place, 'newest')
    const lines = readFileSync(place, 'utf8').trim().split('\n')
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([1000, '"1001"', '"newest"'])
  })
})
