// `agentscope record` and `agentscope simulate`: what goes between a program and the models, kept and played.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readCassette, type Simulator, simulator } from '../../src/simulator/index.ts'
import { folder } from './files.ts'
import { endAll, run } from './run.ts'

afterEach(endAll)

const key = 'canary-key-4711-abcdef'
const node = process.execPath
const project = resolve(import.meta.dirname, '../..')

/** A program that asks the real places; only its environment leads it to the simulator. */
const oneOfEach = `import * as models from 'agentscope/models'
const { OpenAIChatWrapper, DashScopeChatWrapper, GeminiChatWrapper, ZhipuAIChatWrapper } = models
const { OllamaChatWrapper, AnthropicChatWrapper, LiteLLMChatWrapper } = models
const classes = [OpenAIChatWrapper, DashScopeChatWrapper, GeminiChatWrapper, ZhipuAIChatWrapper, OllamaChatWrapper, AnthropicChatWrapper, LiteLLMChatWrapper]
for (const Wrapper of classes) {
  const response = await new Wrapper({ modelName: 'm' }).call([{ role: 'user', content: 'Hello' }])
  console.log(await response.getText())
}
process.exit(3)
`

function environmentFor(sim: Simulator): Record<string, string> {
  return {
    OPENAI_BASE_URL: sim.baseUrl('openai'),
    DASHSCOPE_HTTP_BASE_URL: sim.baseUrl('dashscope'),
    GOOGLE_GEMINI_BASE_URL: sim.baseUrl('gemini'),
    ZHIPUAI_BASE_URL: sim.baseUrl('zhipuai'),
    OLLAMA_HOST: sim.url,
    ANTHROPIC_BASE_URL: sim.url,
    LITELLM_PROXY_API_BASE: sim.baseUrl('litellm'),
    ...Object.fromEntries(
      ['OPENAI', 'DASHSCOPE', 'GOOGLE', 'ZHIPUAI', 'ANTHROPIC', 'LITELLM_PROXY'].map((name) => [
        `${name}_API_KEY`,
        key,
      ]),
    ),
  }
}

async function recorded(command: string[], files: Record<string, string>, env: Record<string, string>) {
  const made = folder(files)
  const output = made.path('out.cassette.jsonl')
  const running = run(
    ['record', '-o', output, '--', ...command.map((each) => each.replace('%', `${made.path('.')}/`))],
    {
      env,
    },
  )
  running.end()
  const exit = await running.exit
  const text = readFileSync(output, 'utf8')
  const cassette = await readCassette(output)
  return { exit, shown: running.text, text, cassette, [Symbol.dispose]: () => made[Symbol.dispose]() }
}

/** A program that asks one question. */
function once(sim: Simulator): string {
  const body = '{"model":"m","messages":[{"role":"user","content":"Hi"}]}'
  return `fetch('${sim.url}/api/chat', { method: 'POST', body: '${body}' }).then((response) => response.text())`
}

describe('record', () => {
  it('records all seven wrappers of a program that leaves at once, its exit code kept, no key kept', async () => {
    await using sim = await simulator({ models: { '*': { text: 'Hello from afar.' } } })
    const command = [node, '--import', resolve(project, 'src/cli/run-program.ts'), '%program.ts']
    using made = await recorded(command, { 'program.ts': oneOfEach }, environmentFor(sim))
    expect(made.shown).toContain('Hello from afar.\n'.repeat(7))
    expect(made.shown).toContain('Recorded 7 exchanges:')
    expect(made.exit).toBe(3)
    expect(made.text).not.toContain(key)
    expect(made.cassette.exchanges.map(({ request }) => new URL(request.url).origin)).toEqual(Array(7).fill(sim.url))
    await using player = await simulator({ cassette: made.cassette, replay: { speed: 'max' } })
    for (const { request } of made.cassette.exchanges) {
      const { pathname, search } = new URL(request.url)
      const response = await fetch(player.url + pathname + search, { method: 'POST', body: Buffer.from(request.body) })
      expect(await response.text()).toMatch(/Hello/)
    }
  })

  it('records programs that are none of Node, through the address in their environment', async () => {
    await using sim = await simulator({ models: { '*': { text: 'Hello, curl.' } } })
    const body = '{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}'
    const script = `exec 3<>"/dev/tcp/\${OPENAI_BASE_URL:7:9}/$(cut -d: -f3 <<< "$OPENAI_BASE_URL" | cut -d/ -f1)"
printf 'POST /%s/chat/completions HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\ncontent-type: application/json\\r\\nauthorization: Bearer %s\\r\\ncontent-length: ${body.length}\\r\\n\\r\\n%s' "$(cut -d/ -f4- <<< "$OPENAI_BASE_URL")" "$OPENAI_API_KEY" '${body}' >&3
cat <&3
`
    using made = await recorded(['bash', '%ask.sh'], { 'ask.sh': script }, environmentFor(sim))
    expect(made.shown).toContain('HTTP/1.1 200 OK')
    expect(made.shown).toContain('[DONE]')
    expect(made.cassette.exchanges).toMatchObject([
      { request: { method: 'POST', url: `${sim.baseUrl('openai')}/chat/completions` }, end: { how: 'complete' } },
    ])
    expect(made.text).not.toContain(key)
  })

  it.each([
    ['makes no request', [node, '-e', '0'], 0],
    ['fails', [node, '-e', 'process.exit(7)'], 7],
    ['does not exist', ['no-such-command-here'], 1],
  ])('says so when the command %s, and leaves the recording that is there', async (_, command, exit) => {
    using made = folder({ 'old.jsonl': 'a good recording' })
    for (const name of ['old.jsonl', 'new.jsonl']) {
      const running = run(['record', '-o', made.path(name), '--', ...command])
      running.end()
      expect(await running.exit).toBe(exit)
      expect(running.text).toContain(`Nothing was recorded`)
    }
    expect(readFileSync(made.path('old.jsonl'), 'utf8')).toBe('a good recording')
    expect(readdirSync(made.path('.'))).toEqual(['old.jsonl'])
  })

  it('by its default name replaces nothing: the next free number is taken', async () => {
    await using sim = await simulator({ models: { '*': { text: 'Hello.' } } })
    using made = folder({})
    for (const name of ['recording.cassette.jsonl', 'recording-2.cassette.jsonl']) {
      const running = run(['record', '--', node, '-e', once(sim)], { cwd: made.path('.') })
      running.end()
      expect([await running.exit, running.text]).toEqual([0, `Recorded 1 exchange: ${name}\n`])
      expect((await readCassette(made.path(name))).exchanges).toHaveLength(1)
    }
    expect(readdirSync(made.path('.'))).toHaveLength(2)
  })

  it('a named file is replaced', async () => {
    await using sim = await simulator({ models: { '*': { text: 'Hello.' } } })
    using made = folder({ 'a.jsonl': 'old' })
    const running = run(['record', '-o', made.path('a.jsonl'), '--', node, '-e', once(sim)])
    running.end()
    expect(await running.exit).toBe(0)
    expect((await readCassette(made.path('a.jsonl'))).exchanges).toHaveLength(1)
    expect(readdirSync(made.path('.'))).toEqual(['a.jsonl'])
  })

  it('what a killed recording had kept is rescued by the next one, once its program has ended', async () => {
    await using sim = await simulator({ models: { '*': { text: 'Hello.' } } })
    using made = folder({})
    const output = made.path('a.cassette.jsonl')
    const lasting = `${once(sim)}.then(() => { console.log('asked', process.pid); setInterval(() => {}, 1000) })`
    const killed = run(['record', '-o', output, '--', node, '-e', lasting])
    await killed.shows('asked')
    await killed.shows('\n')
    const program = Number(/asked (\d+)/.exec(killed.text)?.[1])
    killed.signal('SIGKILL')
    const next = async () => {
      const running = run(['record', '-o', output, '--', node, '-e', '0'])
      running.end()
      await running.exit
      return running.text
    }
    expect(await next()).toContain('its program still runs')
    process.kill(program, 'SIGKILL')
    await killed.exit
    expect(await next()).toContain(`what it had kept (1) is in ${made.path('a.rescued.cassette.jsonl')}`)
    expect((await readCassette(made.path('a.rescued.cassette.jsonl'))).exchanges).toHaveLength(1)
    expect(readdirSync(made.path('.'))).toEqual(['a.rescued.cassette.jsonl'])
  })

  it('tells when the command or the place of the cassette is wrong', async () => {
    const without = run(['record'])
    without.end()
    expect([await without.exit, without.text]).toEqual([2, expect.stringContaining('Which command?')])
    const nowhere = run(['record', '-o', '/nowhere/at/all', '--', 'true'])
    nowhere.end()
    expect([await nowhere.exit, nowhere.text]).toEqual([1, expect.stringContaining('The cassette cannot be written')])
    const unknown = run(['record', '--', 'no-such-command-here'])
    unknown.end()
    expect([await unknown.exit, unknown.text]).toEqual([1, expect.stringContaining('no-such-command-here')])
  })
})

describe('simulate', () => {
  it('serves a cassette until it is interrupted', async () => {
    await using sim = await simulator({ models: { '*': { text: 'Hello again.' } } })
    const ask = `const r = await fetch(process.env.OLLAMA_HOST + '/api/chat', { method: 'POST', body: '{"model":"m","messages":[{"role":"user","content":"Hi"}]}' })
console.log((await r.text()).length)`
    using made = await recorded([node, '%ask.mjs'], { 'ask.mjs': ask }, { OLLAMA_HOST: sim.url })
    using files = folder({ 'a.cassette.jsonl': made.text })
    const serving = run(['simulate', '--cassette', files.path('a.cassette.jsonl'), '--speed', 'max'])
    await serving.shows('http://127.0.0.1:')
    await serving.shows('\n')
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(serving.text)?.[0]
    const body = Buffer.from(made.cassette.exchanges[0]!.request.body)
    for (let times = 2; times > 0; times -= 1) {
      const response = await fetch(`${url}/api/chat`, { method: 'POST', body })
      expect(await response.text()).toContain('again.')
    }
    serving.signal('SIGINT')
    expect(await serving.exit).toBe(0)
  })

  it('wants a cassette, and tells when it is none', async () => {
    const without = run(['simulate'])
    without.end()
    expect([await without.exit, without.text]).toEqual([2, expect.stringContaining('Which cassette?')])
    using files = folder({ 'a.cassette.jsonl': 'nonsense\n' })
    const broken = run(['simulate', '--cassette', files.path('a.cassette.jsonl')])
    broken.end()
    expect([await broken.exit, broken.text]).toEqual([1, expect.stringContaining('This is no cassette')])
  })
})
