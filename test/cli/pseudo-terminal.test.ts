// In a real (pseudo-)terminal: every chunk is visible before the next one leaves the provider.
import { afterEach, describe, expect, it } from 'vitest'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { endAll, hasScript, type Run, run } from './run.ts'

let simulated: Simulator | undefined

afterEach(async () => {
  endAll()
  await simulated?.close()
})

async function chat(model: Model, terminal: boolean, env: Record<string, string> = {}): Promise<Run> {
  simulated = await simulator({ models: { m: model } })
  const args = ['chat', '-m', 'openai/m', '--base-url', simulated.baseUrl('openai'), '--name', 'Friday']
  return run(args, { terminal, env: { OPENAI_API_KEY: 'a-test-key', ...env } })
}

/** A model that sends no chunk before the one before it has been seen; `done` when it may send the last one. */
function gated(chunks: readonly string[], screen: () => Run): { model: Model; done: Promise<void> } {
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const gate = async ({ index }: { index: number }) => {
    if (index > 0) await screen().shows(chunks[index - 1]!)
    if (index === chunks.length - 1) resolve()
  }
  return { model: { text: chunks, gate }, done }
}

const chunks = ['Each', ' word', ' is', ' seen', ' first', '.']

if (!hasScript) console.warn('util-linux "script" is missing: the pseudo-terminal tests are skipped.')

describe.skipIf(!hasScript)('in a terminal', () => {
  it('a chunk is visible before the next one is sent', async () => {
    const { model, done } = gated(chunks, () => screen)
    const screen = await chat(model, true)
    await screen.shows('User Input')
    screen.type('Hi!\r')
    await done
    await screen.shows('.\n')
    screen.type('exit\r')
    expect(await screen.exit).toBe(0)
    expect(screen.text).toContain('\u001b[91mFriday\u001b[0m: Each word is seen first.\n')
  })

  it('NO_COLOR means no escape sequence at all, and what was typed stands there once', async () => {
    const screen = await chat({ text: 'Hello', thinking: 'Hm.' }, true, { NO_COLOR: '1' })
    await screen.shows('User Input: ')
    screen.type('Hi!\n')
    await screen.shows('Friday: Hello\n')
    await screen.shows('User Input: ')
    screen.type('exit\n')
    await screen.exit
    expect(screen.text).not.toContain('\u001b')
    const [welcome, ...lines] = screen.text.replace(/^\d+ in .*\n/m, '').split('\n')
    expect(welcome).toBe('Talking to openai/m. /help lists the commands.')
    expect(lines.join('\n')).toBe('User Input: Hi!\nFriday (thinking) Hm.\nFriday: Hello\nUser Input: exit\n')
  })

  it('Ctrl-C stops a reply, marks it and goes on; Ctrl-D ends', async () => {
    const screen = await chat({ text: ['One', ' two'], end: 'silence' }, true)
    await screen.shows('User Input')
    screen.type('Hi!\r')
    await screen.shows(' two')
    screen.type('\u0003')
    await screen.shows('[stopped]')
    await screen.shows('User Input')
    screen.type('\u0004')
    expect(await screen.exit).toBe(0)
  })

  it('Ctrl-C at the prompt ends with 130', async () => {
    const screen = await chat({ text: 'x' }, true)
    await screen.shows('User Input')
    screen.type('\u0003')
    expect(await screen.exit).toBe(130)
  })

  it('the demo goes on as a chat', async () => {
    const screen = run(['demo', '--simulated', '--fast', '--no-studio'], { terminal: true })
    await screen.shows('Anthropic')
    await screen.shows('as they come?')
    screen.type('For fun.\r')
    await screen.shows('You say "For fun."')
    await screen.shows('Now you: talk with OpenAI (simulated)')
    await screen.shows('User Input')
    screen.type('hello\r')
    await screen.shows('I heard "hello"')
    await screen.shows('User Input')
    screen.type('exit\r')
    expect(await screen.exit).toBe(0)
  })
})

describe('in a pipe', () => {
  it('a chunk is visible before the next one is sent, too', async () => {
    const { model, done } = gated(chunks, () => screen)
    const screen = await chat(model, false)
    screen.type('Hi!\n')
    screen.end()
    await done
    expect(await screen.exit).toBe(0)
    expect(screen.text).toBe('User: Hi!\nFriday: Each word is seen first.\n')
  })
})
