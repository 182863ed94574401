// Options of agents and of init(): AgentScope's spelling works, and what has no effect is told.
import { describe, expect, it } from 'vitest'
import { type AgentOptions, DialogAgent, UserAgent } from '../../src/agents/index.ts'
import { ConfigError } from '../../src/core/error.ts'
import { createScope } from '../../src/create-scope.ts'
import { init } from '../../src/init.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { Parrot, quietScope, warningsOf } from './listening.ts'

const model = new OpenAIChatWrapper({ modelName: 'm', apiKey: 'test-key' })
const scope = createScope({ models: { model: () => model } })

describe('an agent', () => {
  it("takes AgentScope's names for its options, without a warning", async () => {
    let agent: DialogAgent | undefined
    const written = { name: 'Friday', sys_prompt: 'Be kind.', model_config_name: 'm', use_memory: false, scope }
    const warnings = await warningsOf(() => {
      agent = new DialogAgent(written)
    })
    expect(agent).toMatchObject({ sysPrompt: 'Be kind.', model, memory: undefined })
    expect(warnings).toEqual([])
    expect(new UserAgent({ scope, agent_id: 'u-1', use_memory: true })).toMatchObject({ agentId: 'u-1', name: 'User' })
  })

  it('tells which option has no effect, and which there are', async () => {
    const written = { name: 'Friday', model, scope, sys_promt: 'Be kind.' } as AgentOptions
    const warnings = await warningsOf(() => new DialogAgent(written))
    expect(warnings).toEqual([expect.stringMatching(/^DialogAgent Friday: the option sys_promt has no.*sysPrompt/)])
    const other = { scope, memroy: false } as ConstructorParameters<typeof UserAgent>[0]
    expect(await warningsOf(() => new UserAgent(other))).toEqual([expect.stringContaining('memroy')])
  })

  it('of a class with options of its own is not warned of them', async () => {
    const written = { name: 'Friday', mood: 'good' } as Partial<AgentOptions>
    expect(await warningsOf(() => new Parrot(written))).toEqual([])
  })

  it('refuses two spellings of one option that say two things', () => {
    const written = { scope: quietScope().scope, sysPrompt: 'a', sys_prompt: 'b' }
    expect(() => new Parrot(written)).toThrow(ConfigError)
    expect(new Parrot({ ...written, sys_prompt: 'a' }).sysPrompt).toBe('a')
  })
})

describe('init', () => {
  it("takes AgentScope's model_configs", async () => {
    const model_configs = { model_type: 'openai_chat', config_name: 'mine', model_name: 'm', api_key: 'test-key' }
    const made = await init({ model_configs, terminal: false })
    expect((await made.model('mine')).modelName).toBe('m')
  })

  it('tells which option has no effect, and what was probably meant', async () => {
    const written = { terminal: false, modelConfig: [], runtime_id: 'x' }
    const warnings = await warningsOf(() => init(written as Parameters<typeof init>[0]))
    expect(warnings).toEqual([
      'init(): the option modelConfig has no effect. Did you mean "modelConfigs"?',
      'init(): runtime_id has a meaning in AgentScope for Python, but none here.',
    ])
  })

  it.each(['./models.json', [], null])('refuses %j, which is no object of options', async (written) => {
    await expect(init(written as never)).rejects.toThrow(/init\(\) takes an object of options/)
  })
})
