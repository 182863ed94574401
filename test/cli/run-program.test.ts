// `agentscope run`: a program of the user's own, with its own arguments, exit code and mistakes.
import { afterEach, describe, expect, it } from 'vitest'
import { openStudio } from '../../src/studio/index.ts'
import { folder } from './files.ts'
import { endAll, type RunOptions, run } from './run.ts'
import { openTab } from './studio-tab.ts'

afterEach(endAll)

async function ran(source: string, args: string[] = [], own: string[] = [], options: RunOptions = {}) {
  using files = folder({ 'program.ts': source })
  const running = run(['run', ...own, files.path('program.ts'), ...args], options)
  running.end()
  return [await running.exit, running.text] as const
}

const oneOfEach = `import * as models from 'agentscope/models'
const { OpenAIChatWrapper, DashScopeChatWrapper, GeminiChatWrapper, ZhipuAIChatWrapper } = models
const { OllamaChatWrapper, AnthropicChatWrapper, LiteLLMChatWrapper } = models
const classes = [OpenAIChatWrapper, DashScopeChatWrapper, GeminiChatWrapper, ZhipuAIChatWrapper, OllamaChatWrapper, AnthropicChatWrapper]
const all = classes.map((Wrapper) => new Wrapper({ modelName: 'any' }))
all.push(new LiteLLMChatWrapper({ modelName: 'deepseek/deepseek-chat' }))
for (const model of all) {
  const response = await model.call([{ role: 'user', content: 'Hello' }])
  console.log(model.modelType, new URL(model.baseUrl).hostname, ((await response.getText()) ?? '').length > 3)
}
`

const types = ['openai', 'dashscope', 'gemini', 'zhipuai', 'ollama', 'anthropic', 'litellm']

describe('run', () => {
  it('hands arguments and the exit code on, and needs no types', async () => {
    const source = 'const code: number = 3\nconsole.log(process.argv.slice(2).join("|"))\nprocess.exit(code)\n'
    const [exit, text] = await ran(source, ['a b', '--help', '-x'], ['--real'])
    expect(text).toBe('a b|--help|-x\n')
    expect(exit).toBe(3)
  })

  it('shows a mistake in the program with its own message and place', async () => {
    const [exit, text] = await ran('\n\nthrow new Error("my own mistake")\n', [], ['--real'])
    expect(text).toMatch(/program\.ts:3\nthrow new Error/)
    expect(text).toContain('Error: my own mistake')
    expect(text).not.toContain('src/cli')
    expect(exit).toBe(1)
  })

  it('without a key every wrapper reaches a simulated model, and a line says so', async () => {
    const [exit, text] = await ran(oneOfEach)
    expect(text).toMatch(/^No key and no Ollama found: the models are simulated\.$/m)
    for (const type of types) expect(text).toContain(`${type}_chat 127.0.0.1 true\n`)
    expect(exit).toBe(0)
  })

  it('with --simulated the program sees no key', async () => {
    const source = 'console.log(process.env.OPENAI_API_KEY, process.env.DEEPSEEK_API_KEY)\n'
    const env = { OPENAI_API_KEY: 'canary-1', DEEPSEEK_API_KEY: 'canary-2' }
    expect(await ran(source, [], ['--simulated'], { env })).toEqual([0, 'simulated undefined\n'])
    expect(await ran(source, [], [], { env })).toEqual([0, 'canary-1 canary-2\n'])
  })

  it('with --studio shows the program in Studio, which it may not hand on', async () => {
    const source = `import { DialogAgent, init, Msg } from 'agentscope'
const modelConfigs = [{ configName: 'any', modelType: 'openai_chat', modelName: 'any' }]
const scope = await init({ modelConfigs, project: 'mine', terminal: false })
await new DialogAgent({ name: 'Ada', modelConfigName: 'any', sysPrompt: 'Be kind.' }).call(new Msg('User', 'Hello', 'user'))
await scope.close()
console.log(process.env.AGENTSCOPE_STUDIO)
`
    const studio = await openStudio({ port: 0 })
    expect(await ran(source, [], ['--simulated', `--studio=${studio.url}`])).toEqual([0, 'undefined\n'])
    const tab = await openTab(studio.url)
    expect(await tab.run()).toMatchObject({ project: 'mine', status: 'done', agents: ['Ada'] })
    tab.close()
    await studio.close()
    using files = folder({})
    const [exit, text] = await ran(source, [], ['--simulated', '--studio'], { cwd: files.path('.') })
    expect(exit).toBe(0)
    expect(text).toMatch(/^Studio: http.*#token=.*\nundefined\n$/)
  })

  it('hands signals on', async () => {
    using files = folder({
      'program.mjs':
        "process.on('SIGTERM', () => { console.log('ended'); process.exit(7) })\nsetInterval(() => {}, 1000)\nconsole.log('ready')\n",
    })
    const running = run(['run', '--real', files.path('program.mjs')])
    await running.shows('ready')
    running.signal('SIGTERM')
    await running.shows('ended')
    expect(await running.exit).toBe(7)
  })
})
