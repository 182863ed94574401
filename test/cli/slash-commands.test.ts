// The commands inside a chat, in a pipe.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { readLine } from '../../src/cli/slash-command.ts'
import { type Simulator, simulator } from '../../src/simulator/index.ts'
import { folder } from './files.ts'
import { endAll, run } from './run.ts'

const canary = 'canary-key-0123456789'
let simulated: Simulator | undefined

afterEach(async () => {
  endAll()
  await simulated?.close()
})

async function chat(input: string, args: string[] = [], env: Record<string, string> = {}): Promise<string> {
  const running = run(['chat', ...args], { env })
  running.type(input)
  running.end()
  expect(await running.exit).toBe(0)
  return running.text
}

/** A model that counts what it is sent, behind a key. */
async function counting(): Promise<{ args: string[]; env: Record<string, string> }> {
  const usage = { inputTokens: 12, outputTokens: 30, cachedInputTokens: 4, reasoningTokens: 5 }
  simulated = await simulator({
    requireKey: canary,
    models: { '*': ({ messages, model }) => ({ text: `${model} heard ${messages.length}.`, usage }) },
  })
  const args = ['-m', 'openai/m', '--base-url', simulated.baseUrl('openai')]
  return { args, env: { OPENAI_API_KEY: canary } }
}

it.each([
  ['hello', { message: 'hello' }],
  ['//etc/hosts', { message: '/etc/hosts' }],
  ['  /model  a/b ', { command: 'model', words: 'a/b' }],
  ['/system You are\nbrief.', { command: 'system', words: 'You are\nbrief.' }],
  ['/', { command: '', words: '' }],
])('the line %j is read as %j', (line, read) => {
  expect(readLine(line)).toEqual(read)
})

describe('commands', () => {
  it('/help lists them all, and an unknown one is told with the nearest', async () => {
    const text = await chat('/help\n/modle\n', ['-m', 'simulator/openai'])
    for (const name of ['help', 'stop', 'model', 'tools', 'usage', 'save', 'system', 'clear', 'exit'])
      expect(text).toMatch(new RegExp(`^  /${name} `, 'm'))
    expect(text).toContain('There is no command /modle. Did you mean "/model"?')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140)
  })

  it('/usage adds up the tokens of each model', async () => {
    const { args, env } = await counting()
    const text = await chat('/usage\none\ntwo\n/model openai/n\nthree\n/usage\n', args, env)
    expect(text).toContain('No model has been asked yet.')
    expect(text).toContain('openai/m: 2 requests · 24 tokens in (8 cached) · 60 out (10 reasoning)\n')
    expect(text).toContain('openai/n: 1 request · 12 tokens in (4 cached) · 30 out (5 reasoning)\n')
  })

  it('/model keeps the conversation, and a model that cannot be opened changes nothing', async () => {
    const { args, env } = await counting()
    const text = await chat('one\n/model openai/n\ntwo\n/model nobody/x\nthree\n', args, env)
    expect(text).toContain('m heard 1.')
    expect(text).toContain('Model: openai/n')
    expect(text).toContain('n heard 3.')
    expect(text).toContain('"nobody" is no known provider.')
    expect(text).toContain('n heard 5.')
  })

  it('/model alone shows what can be chosen, by number', async () => {
    const { args, env } = await counting()
    const text = await chat('/model\n/model 2\nhello\n/model 7\n', args, env)
    expect(text).toMatch(/^Model: openai\/m\n {2}1 {4}openai\/gpt-4o-mini +OPENAI_API_KEY$/m)
    expect(text).toMatch(/^Model: simulator\/openai$/m)
    expect(text).toContain('I heard "hello"')
    expect(text).toContain('There is no model number 7; there are 1 to 2.')
  })

  it('/system and /clear change what the model is sent', async () => {
    const { args, env } = await counting()
    const text = await chat('/system\n/system Be brief.\none\n/clear\ntwo\n', args, env)
    expect(text).toContain('There is no system prompt.')
    expect(text).toContain('System prompt: Be brief.')
    expect(text).toContain('2 messages forgotten.')
    expect(simulated!.requests[1]!.body).toHaveProperty('messages', [
      { role: 'system', content: 'Be brief.' },
      expect.objectContaining({ role: 'user', content: expect.stringContaining('two') }),
    ])
  })
})

describe('a conversation in a file', () => {
  it('/save writes it for its owner alone, without the key, and --resume goes on with it', async () => {
    using files = folder()
    const { args, env } = await counting()
    const path = files.path('saved.json')
    expect(await chat(`one\n/save ${path}\n`, [...args, '--name', 'Friday', '-s', 'Be brief.'], env)).toContain(
      `2 messages saved in ${path}`,
    )
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).not.toContain(canary)
    expect(readdirSync(files.path('.'))).toEqual(['saved.json'])
    const text = await chat('two\n', ['--resume', path], { ...env, OPENAI_BASE_URL: simulated!.baseUrl('openai') })
    expect(text).toContain('Friday: m heard 4.')
    expect(JSON.stringify(simulated!.requests[1]!.body)).toContain('Be brief.')
  })

  it('one that cannot be written is told, and the chat goes on', async () => {
    const text = await chat('/save /no/such/folder/x.json\nhello\n', ['-m', 'simulator/openai'])
    expect(text).toContain('The conversation cannot be saved: ENOENT')
    expect(text).toContain('I heard "hello"')
  })

  it('whose model is not there any more says which one it was', async () => {
    const state = { name: 'Friday', agentId: 'a', memory: { messages: [] }, chat: { model: 'mine' } }
    using files = folder({ 'x.json': JSON.stringify(state) })
    const running = run(['chat', '--resume', files.path('x.json')])
    expect(await running.exit).toBe(1)
    expect(running.text).toMatch(/^The conversation was held with mine\..*\nGo on with another one: --model/m)
  })

  it.each([
    ['no JSON', 'hello', /is no JSON/],
    ['something else', '{}', /holds no conversation/],
  ])('a file that holds %s is told', async (_, content, message) => {
    using files = folder({ 'x.json': content })
    const running = run(['chat', '--resume', files.path('x.json')])
    expect(await running.exit).toBe(1)
    expect(running.text).toMatch(message)
  })
})

it('--save-dir keeps a record of the run, in which no command stands', async () => {
  using files = folder()
  await chat('/help\nhello\n', ['-m', 'simulator/openai', '--save-dir', files.path('runs')])
  const [name = ''] = readdirSync(files.path('runs'))
  const log = readFileSync(files.path(`runs/${name}/logging.chat`), 'utf8')
  expect(log.trim().split('\n')).toHaveLength(2)
  expect(log).toContain('hello')
})

it('--config names models, the first of which is taken when none is named', async () => {
  const { env } = await counting()
  const config = { model_type: 'openai_chat', model_name: 'm', base_url: simulated!.baseUrl('openai'), stream: true }
  const named = ['one', 'two'].map((config_name) => ({ ...config, config_name, model_name: `model-${config_name}` }))
  using files = folder({ 'models.json': JSON.stringify(named) })
  const text = await chat('hello\n/model two\nhello\n', ['--config', files.path('models.json')], env)
  expect(text).toContain('model-one heard 1.')
  expect(text).toContain('model-two heard 3.')
})

it('without a model, a key or an Ollama the model is simulated, and that is told', async () => {
  expect(await chat('hello\n')).toMatch(/^No key and no Ollama found: the model is simulated\.[\s\S]*I heard "hello"/m)
})
