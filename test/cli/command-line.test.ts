// The command line in a pipe: help, mistakes, exit codes, the demo, a chat, and no key in sight.
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { endAll, type RunOptions, run } from './run.ts'

const canary = 'canary-key-0123456789'
let simulated: Simulator | undefined

afterEach(async () => {
  endAll()
  await simulated?.close()
})

async function ran(args: readonly string[], input = '', options: RunOptions = {}): Promise<[number | null, string]> {
  const running = run(args, options)
  running.type(input)
  running.end()
  return [await running.exit, running.text]
}

/** A chat with a model behind a real socket that takes only the canary as its key. */
async function chat(model: Model, input: string, ...more: string[]): Promise<[number | null, string]> {
  simulated = await simulator({ models: { m: model }, requireKey: canary })
  const args = ['chat', '--model', 'openai/m', '--base-url', simulated.baseUrl('openai'), ...more]
  return ran(args, input, { env: { OPENAI_API_KEY: canary } })
}

it.each<[string, string[], number, RegExp]>([
  ['no command is asked for help', [], 0, /Usage: agentscope <command>[\s\S]*demo[\s\S]*chat/],
  ['--help', ['--help'], 0, /Usage: agentscope <command>/],
  ['a command has help of its own', ['chat', '--help'], 0, /--model <provider\/model>/],
  [
    'an unknown command',
    ['dmeo'],
    2,
    /Unknown command "dmeo"\. Known: demo, chat, run, studio, replay, record, simulate, doctor\.\nTry: agentscope --help/,
  ],
  ['an unknown option', ['--bogus'], 2, /Unknown option "--bogus"/],
  ['an unknown option of a command', ['chat', '--bogus'], 2, /'--bogus'[\s\S]*Try: agentscope chat --help/],
  ['an option without its value', ['chat', '--model'], 2, /--model/],
  ['an address without a model', ['chat', '--base-url', 'http://127.0.0.1:1'], 2, /--base-url needs --model/],
  ['a model and a simulated one', ['chat', '--simulated', '-m', 'openai/m'], 2, /--simulated or --model, not both/],
  ['a system prompt given twice', ['chat', '-s', 'x', '--system-file', 'y'], 2, /--system or --system-file/],
  ['a system prompt that is not there', ['chat', '--system-file', '/no/such'], 2, /\/no\/such cannot be read: ENOENT/],
  ['a number of rounds that is none', ['chat', '--max-iters', '0'], 2, /--max-iters needs a whole number/],
  [
    'a tools file that is not there',
    ['chat', '-m', 'simulator/openai', '--tools', 'no.ts'],
    2,
    /There is no file no\.ts/,
  ],
  ['a conversation that is not there', ['chat', '--resume', 'no.json'], 2, /There is no file no\.json/],
  ['a program that is not there', ['run', 'no.ts'], 2, /There is no file no\.ts\.\nTry: agentscope run --help/],
  ['no program', ['run'], 2, /Which file\?/],
  ['help on running a program', ['run', '--help'], 0, /agentscope run \[--simulated \| --real\] \[--studio\] <file>/],
  ['a provider without a model', ['chat', '-m', 'openai/'], 2, /names no model/],
  ['a missing key names its variable', ['chat', '-m', 'openai/gpt-4o'], 1, /OPENAI_API_KEY/],
  ['another missing key', ['chat', '-m', 'zai/glm-5'], 1, /ZAI_API_KEY/],
  [
    'an unknown provider lists the known ones',
    ['chat', '-m', 'nobody/x'],
    1,
    /"nobody"[\s\S]*openai, anthropic.*simulator/,
  ],
  ['a provider written wrongly', ['chat', '-m', 'simulater/x'], 1, /Did you mean "simulator"/],
  ['a simulator without a wire', ['chat', '-m', 'simulator'], 2, /names no wire/],
])('%s', async (_, args, code, text) => {
  const [exit, shown] = await ran(args)
  expect(shown).toMatch(text)
  expect(exit).toBe(code)
  expect(shown).not.toMatch(/^ {4}at /m)
})

it('--version is the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await ran(['--version'])).toEqual([0, `${version}\n`])
})

describe('the demo', () => {
  it('lets all seven speak in turn, says first who is simulated, and ends by itself', async () => {
    const [exit, text] = await ran(['demo', '--no-studio'])
    const lines = text.split('\n')
    expect(lines[0]).toMatch(/^No key .* simulated: OpenAI, DashScope, Gemini, ZhipuAI, Ollama, LiteLLM, Anthropic\.$/)
    const speakers = lines.flatMap((line) => /^(\w+): ./.exec(line)?.[1] ?? [])
    const seven = ['OpenAI', 'DashScope', 'Gemini', 'ZhipuAI', 'Ollama', 'LiteLLM', 'Anthropic']
    expect(speakers).toEqual(['Host', ...seven, 'You', 'OpenAI'])
    expect(text).not.toContain('\u001b')
    expect(exit).toBe(0)
  })

  it('uses a real model that it finds, and goes on in one line when that fails', async () => {
    simulated = await simulator({ models: { '*': { text: 'I am real.' } }, requireKey: canary })
    const env = {
      OPENAI_API_KEY: canary,
      OPENAI_BASE_URL: simulated.baseUrl('openai'),
      ANTHROPIC_API_KEY: 'the-wrong-canary-98765',
      ANTHROPIC_BASE_URL: simulated.baseUrl('anthropic'),
    }
    const [exit, text] = await ran(['demo', '--once', '--no-studio'], '', { env })
    expect(text).toMatch(/^Real: OpenAI \(OPENAI_API_KEY, \S+\), Anthropic .*\. Simulated: DashScope, Gemini/)
    expect(text).toContain('OpenAI: I am real.\n')
    expect(text).toMatch(/^Anthropic could not answer: anthropic \(401\).*$/m)
    expect(exit).toBe(0)
    expect(text).not.toMatch(/canary/)
  })

  it('says in its first line that a key cannot be used, and does not show it', async () => {
    const [exit, text] = await ran(['demo', '--fast', '--no-studio'], '', { env: { GOOGLE_API_KEY: 'canary key' } })
    expect(text).toMatch(/^No usable key .* simulated: .*GOOGLE_API_KEY cannot be sent: it contains white space\.\n/)
    expect(text).not.toContain('canary')
    expect(exit).toBe(0)
  })

  it('leaves every key alone with --simulated', async () => {
    const [, text] = await ran(['demo', '--simulated', '--no-studio'], '', { env: { OPENAI_API_KEY: canary } })
    expect(text).toMatch(/^No key/)
  })
})

describe('a chat in a pipe', () => {
  it('--simulated needs no key and no question', async () => {
    const [exit, text] = await ran(['chat', '--simulated'], 'hello\n', { env: { OPENAI_API_KEY: canary } })
    expect(text).toMatch(/I heard "hello"/)
    expect(exit).toBe(0)
  })

  it('answers line by line until the input ends, and nothing to an empty line', async () => {
    const [exit, text] = await chat([{ text: 'Hi!' }, { text: 'Bye!' }], 'one\n\ntwo\n', '--name', 'Friday')
    expect(text).toBe('User: one\nFriday: Hi!\nUser: \nUser: two\nFriday: Bye!\n')
    expect(exit).toBe(0)
  })

  it('ends on "exit"', async () => {
    expect(await chat({ text: 'Hi!' }, 'exit\nnot asked\n')).toEqual([0, 'User: exit\n'])
  })

  it.each([
    [[], true],
    [['--no-stream'], false],
  ])('with %j asks for a stream: %s', async (more, stream) => {
    const [, text] = await chat({ text: 'Hi!' }, 'one\n', '--system', 'Be brief.', ...more)
    expect(text).toContain('Assistant: Hi!\n')
    const { body } = await simulated!.nextRequest()
    expect(body).toHaveProperty('stream', stream)
    expect(JSON.stringify(body)).toContain('Be brief.')
  })

  it('says what broke off, with a mark and advice, and exits with 1', async () => {
    const [exit, text] = await chat({ text: ['Half', ' an'], end: 'cut' }, 'one\n')
    expect(text).toMatch(/^Assistant: Half an \[broken off: .+\]\n/m)
    expect(exit).toBe(1)
  })

  it('shows no key, whatever the provider says about it', async () => {
    const error = { status: 401, message: `Incorrect API key provided: ${canary}` }
    for (const env of [{}, { DEBUG: '1' }]) {
      simulated = await simulator({ models: { m: { text: '', error } }, requireKey: canary })
      const args = ['chat', '-m', 'openai/m', '--base-url', simulated.baseUrl('openai')]
      const [exit, text] = await ran(args, 'one\n', { env: { OPENAI_API_KEY: canary, ...env } })
      expect(text).toContain('openai (401)')
      expect(text).not.toContain(canary)
      expect(exit).toBe(1)
      await simulated.close()
    }
  })

  it('works without any key with simulator/<wire>', async () => {
    const [exit, text] = await ran(['chat', '-m', 'simulator/gemini'], 'hello\n')
    expect(text).toContain('I heard "hello".')
    expect(text).toContain('one by one over the gemini wire')
    expect(exit).toBe(0)
  })

  it('names a simulated wire that there is not, speaks another, and does not claim to stream when it does not', async () => {
    const [exit, text] = await ran(['chat', '-m', 'simulator/foo', '--no-stream'], 'hello\n')
    expect(text).toMatch(/^"foo" is none of the simulated wires \(openai, .*\): it speaks OpenAI's\.$/m)
    expect(text).toContain('all at once over the openai wire')
    expect(text).not.toContain('one by one')
    expect(exit).toBe(0)
  })

  it.skipIf(!existsSync('/dev/full'))('that cannot write its answers says so and exits with 1', async () => {
    const running = run(['chat', '-m', 'simulator/openai'], { output: '/dev/full' })
    running.type('hello\n')
    running.end()
    expect(await running.exit).toBe(1)
    expect(running.text).toMatch(/^The output cannot be written: ENOSPC/)
  })
})
