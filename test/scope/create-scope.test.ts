// Scopes made from options: in either spelling, side by side, and showing nothing that they hold.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import { createScope } from '../../src/create-scope.ts'
import { init } from '../../src/init.ts'
import type { ScopeOptions } from '../../src/scope.options.ts'
import { chosenScope } from '../../src/scope.ts'
import { Listening, warningsOf } from '../agents/listening.ts'

const canary = 'sk-canary-0123456789'
const qwen = { config_name: 'qwen', model_type: 'openai_chat', model_name: 'm', api_key: canary }
const speaker = { name: 'Friday', id: 'agent-1' }

describe('createScope', () => {
  it('finds the models of its configurations, in either spelling of the option', async () => {
    const scope = createScope({ modelConfigs: qwen, project: 'novels', name: 'dune' })
    expect((await scope.model('qwen')).modelName).toBe('m')
    expect(scope).toMatchObject({ project: 'novels', name: 'dune', runDirectory: undefined })
    expect(scope.runId).toMatch(/^run_\d{8}-\d{6}_dune$/)
    expect((await createScope({ model_configs: [qwen] }).model('qwen')).configName).toBe('qwen')
  })

  it('gives a run that has no name a random one of six characters', () => {
    const names = [createScope(), createScope()].map(({ name, runId }) => {
      expect(name).toMatch(/^[a-z0-9]{6}$/)
      expect(runId.endsWith(`_${name}`)).toBe(true)
      return name
    })
    expect(names[0]).not.toBe(names[1])
  })

  it('lives beside others: each has its own models, listeners and signal', async () => {
    const [one, two] = [new Listening(), new Listening()]
    const stop = new AbortController()
    const first = createScope({ modelConfigs: qwen, sinks: [one], signal: stop.signal })
    const second = createScope({ modelConfigs: { ...qwen, config_name: 'other' }, sinks: [two] })
    await first.publish(speaker, { type: 'notice', id: 'n', kind: 'progress', text: 'hello' })
    stop.abort()
    expect([one.events.length, two.events.length]).toEqual([1, 0])
    expect(second.signal).toBeUndefined()
    expect(() => second.model('qwen')).toThrow(ConfigError)
    expect((await second.model('other')).configName).toBe('other')
  })

  it.each<[string, unknown]>([
    ['no object', 'models.json'],
    ['a signal that is none', { signal: true }],
    ['a name that is none', { name: 7 }],
    ['listeners that are no list', { sinks: new Listening() }],
    ['a listener that hears nothing', { sinks: [null] }],
    ['a way to ask that cannot', { inputs: [async () => 'hi'] }],
    ['a directory on the network', { saveDir: new URL('http://x.test/runs') }],
    ['a word for yes', { saveLog: 'yes' }],
    ['two values for one option', { saveDir: 'a', save_dir: 'b' }],
    ['models twice', { modelConfigs: qwen, models: { model: () => undefined } }],
    ['models that are not there', { modelConfigs: './no-such-models.json' }],
  ])('refuses %s with a ConfigError that shows no value', (_, options) => {
    const make = () => createScope(options as ScopeOptions)
    expect(make).toThrow(ConfigError)
    expect(make).not.toThrow(canary)
  })

  it('tells an option that it does not know, with the one that was meant, and keeps quiet about the others', async () => {
    const options = { modelConfig: qwen, project: 'novels', signal: null }
    const warnings = await warningsOf(() => createScope(options as unknown as ScopeOptions))
    expect(warnings).toEqual(['createScope(): the option modelConfig has no effect. Did you mean "modelConfigs"?'])
  })

  it('shows no key, however it is printed', () => {
    const scope = createScope({ modelConfigs: qwen, project: 'novels', name: 'dune' })
    const everything = [scope, { scope }].map((value) => inspect(value, { depth: 12, showHidden: true, getters: true }))
    expect(`${everything}${JSON.stringify(scope)}${scope}`).not.toContain('canary')
    expect(JSON.parse(JSON.stringify(scope))).toEqual({ project: 'novels', name: 'dune', runId: scope.runId })
    expect(inspect(scope)).toBe(`Scope { ${scope.runId} }`)
  })

  it('closes at the end of its block', async () => {
    const closed: string[] = []
    const sink = { event: () => {}, close: () => void closed.push('closed') }
    {
      await using scope = createScope({ sinks: [sink] })
      expect(scope.canAsk).toBe(false)
    }
    expect(closed).toEqual(['closed'])
  })
})

describe('init', () => {
  it('takes the options of AgentScope, and tells once of those that have no meaning here', async () => {
    const options = { model_configs: [qwen], project: 'p', name: 'n', save_log: false, save_api_invoke: false }
    const idle = { save_code: true, use_monitor: true, logger_level: 'INFO', studio_url: null }
    const warnings = await warningsOf(() => init({ ...options, ...idle, terminal: false }))
    expect(warnings).toEqual([
      'init(): save_code, use_monitor, logger_level have a meaning in AgentScope for Python, but none here.',
    ])
    expect(chosenScope()).toMatchObject({ project: 'p', name: 'n' })
  })

  it('says that invocations are saved nowhere without a directory', async () => {
    const warnings = await warningsOf(() => init({ saveApiInvoke: true, terminal: false }))
    expect(warnings).toEqual([expect.stringMatching(/^init\(\): saveApiInvoke has no effect without saveDir/)])
  })

  it('suggests its own options too', async () => {
    const warnings = await warningsOf(() => init({ terminal: false, terminl: false } as object))
    expect(warnings).toEqual(['init(): the option terminl has no effect. Did you mean "terminal"?'])
  })
})
