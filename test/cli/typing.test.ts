// At the keyboard: stopping, words to the agent while it speaks, approval, history, choosing a model.
import { readFileSync, statSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { gate } from '../suites/gate.ts'
import { folder, remover, stuck } from './files.ts'
import { endAll, hasScript, type Run, run } from './run.ts'

let simulated: Simulator | undefined

afterEach(async () => {
  endAll()
  await simulated?.close()
})

async function chat(model: Model, args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
  simulated = await simulator({ models: { m: model } })
  const where = ['-m', 'openai/m', '--base-url', simulated.baseUrl('openai'), '--name', 'Friday']
  const screen = run(['chat', ...where, ...args], { terminal: true, env: { OPENAI_API_KEY: 'a-test-key', ...env } })
  await screen.shows('User Input')
  return screen
}

async function leave(screen: Run): Promise<number | null> {
  screen.type('exit\r')
  return screen.exit
}

describe.skipIf(!hasScript)('while a reply is being given', () => {
  it('/stop stops it and marks it, and the next message is answered', async () => {
    const screen = await chat([{ text: ['One', ' two'], end: 'silence' }, { text: 'Again.' }])
    screen.type('Hi!\r')
    await screen.shows(' two')
    screen.type('/stop\r')
    await screen.shows('[stopped]')
    await screen.shows('User Input')
    screen.type('Go on\r')
    await screen.shows('Again.')
    expect(await leave(screen)).toBe(0)
    expect(JSON.stringify(simulated!.requests[1]!.body)).toContain('One two')
  })

  it('a reply that has not said anything is told to be stopped, too', async () => {
    const screen = await chat({ text: '', end: 'silence' })
    screen.type('Hi!\r')
    await simulated!.nextRequest()
    screen.type('/stop\r')
    await screen.shows('[stopped]')
    await screen.shows('User Input')
    expect(await leave(screen)).toBe(0)
  })

  it('another line is shown, answered after the reply, and tears no text apart', async () => {
    const rest = gate()
    const first: Model = {
      text: ['One', ' two', ' three.'],
      gate: ({ index }) => (index === 2 ? rest.opened : undefined),
    }
    const screen = await chat([first, { text: 'Brief.' }])
    screen.type('Hi!\r')
    await screen.shows(' two')
    screen.type('be brief')
    await screen.shows('› be brief')
    screen.type('\r')
    await screen.shows('› be brief [waits]')
    rest.open()
    await screen.shows('You: be brief [taken in after the reply]')
    await screen.shows('Brief.')
    await screen.shows('User Input')
    expect(await leave(screen)).toBe(0)
    expect(JSON.stringify(simulated!.requests[1]!.body)).toContain('be brief')
  })

  it('without escape sequences a line is heard once, too, and one that is not finished is shown', async () => {
    const first: Model = { text: ['One', ' two'], end: 'silence' }
    const screen = await chat([first, { text: 'Again.' }], [], { NO_COLOR: '1' })
    screen.type('Hi!\n')
    await screen.shows(' two')
    screen.type('a word\r/stop\runfinished')
    await screen.shows('[stopped]')
    await screen.shows('You: a word [not answered]')
    await screen.shows('(not sent: unfinished)')
    await screen.shows('User Input')
    screen.type('Go on\n')
    await screen.shows('Again.')
    await screen.shows('User Input')
    screen.type('exit\n')
    expect(await screen.exit).toBe(0)
    expect(screen.text).not.toContain('\u001b')
    expect(simulated!.requests).toHaveLength(2)
  })

  it('a line that is not finished stands at the prompt that follows', async () => {
    const rest = gate()
    const screen = await chat([
      { text: ['One', '.'], gate: ({ index }) => (index === 1 ? rest.opened : undefined) },
      { text: 'Yes.' },
    ])
    screen.type('Hi!\r')
    await screen.shows('One')
    screen.type('half')
    await screen.shows('› half')
    rest.open()
    await screen.shows('half')
    screen.type(' a line\r')
    await screen.shows('Yes.')
    expect(await leave(screen)).toBe(0)
    expect(JSON.stringify(simulated!.requests[1]!.body)).toContain('half a line')
  })

  it('Ctrl-C twice leaves with 130', async () => {
    const screen = await chat({ text: ['One', ' two'], end: 'silence' })
    screen.type('Hi!\r')
    await screen.shows(' two')
    screen.type('\u0003')
    await screen.shows('[stopped]')
    screen.type('\u0003')
    expect(await screen.exit).toBe(130)
  })

  it('a tool that is stuck cannot prevent leaving', async () => {
    using files = folder({ 'tools.ts': stuck })
    const screen = await chat({ toolCalls: [{ name: 'stuck', input: {} }] }, ['--tools', files.path('tools.ts')])
    screen.type('Hi!\r')
    await screen.shows('stuck({})')
    screen.type('\u0003\u0003')
    expect(await screen.exit).toBe(130)
  })
})

const asked = 'Allow remove? yes / always / no'
const removing: Model = ({ messages }) =>
  JSON.stringify(messages.at(-1)).includes('call_') ||
  /removed|denied|not allowed/.test(JSON.stringify(messages.at(-1)))
    ? { text: 'Done.' }
    : { toolCalls: [{ id: 'call_1', name: 'remove', input: { path: 'notes.txt' } }] }

describe.skipIf(!hasScript)('a tool that needs approval', () => {
  it.each([
    ['yes', /remove: removed notes\.txt/],
    ['no', /\[denied\]/],
  ])('is asked for, and %s is heard', async (answer, shown) => {
    using files = folder({ 'tools.ts': remover })
    const screen = await chat(removing, ['--tools', files.path('tools.ts')])
    screen.type('Clean up\r')
    await screen.shows(asked)
    screen.type(`${answer}\r`)
    await screen.shows('Done.')
    expect(screen.text).toMatch(shown)
    await screen.shows('User Input')
    expect(await leave(screen)).toBe(0)
  })

  it('may be stopped at the question', async () => {
    using files = folder({ 'tools.ts': remover })
    const screen = await chat(removing, ['--tools', files.path('tools.ts')])
    screen.type('Clean up\r')
    await screen.shows(asked)
    screen.type('\u0003')
    await screen.shows('User Input')
    expect(screen.text).not.toContain('removed notes.txt')
    expect(await leave(screen)).toBe(0)
  })
})

describe.skipIf(!hasScript)('at the prompt', () => {
  it('what was typed in an earlier chat is there with the cursor keys, in a file of its owner alone', async () => {
    using state = folder()
    const env = { XDG_STATE_HOME: state.path('state') }
    const before = await chat({ text: 'Yes.' }, [], env)
    before.type('remember me\r')
    await before.shows('Yes.')
    await before.shows('User Input')
    await leave(before)
    await simulated!.close()
    const path = state.path('state/agentscope/history')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toContain('"remember me"')
    const screen = await chat({ text: 'Again.' }, [], env)
    screen.type('\u001b[A\u001b[A\r')
    await screen.shows('Again.')
    expect(JSON.stringify(simulated!.requests[0]!.body)).toContain('remember me')
    await screen.shows('User Input')
    expect(await leave(screen)).toBe(0)
  })

  it('a backslash at the end of a line goes on in the next', async () => {
    const screen = await chat({ text: 'Yes.' })
    screen.type('one\\\r')
    await screen.shows('... ')
    screen.type('two\r')
    await screen.shows('Yes.')
    expect(JSON.stringify(simulated!.requests[0]!.body)).toContain('one\\ntwo')
  })

  it('without --model it asks which one', async () => {
    const screen = run(['chat'], { terminal: true, env: { OPENAI_API_KEY: 'a-test-key' } })
    await screen.shows('  1  openai/gpt-4o-mini  OPENAI_API_KEY\n  2  simulator/openai')
    await screen.shows('Model: ')
    screen.type('9\r')
    await screen.shows('There is no model number 9')
    screen.type('2\r')
    await screen.shows('Talking to simulator/openai.')
    await screen.shows('User Input')
    expect(await leave(screen)).toBe(0)
  })
})
