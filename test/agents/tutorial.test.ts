// The tutorial's lines about agents: configuration, a custom reply, both modes, the text afterwards; and before init().
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { AgentBase, DialogAgent } from '../../src/agents/index.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { init } from '../../src/init.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { keyboard, Paper } from '../terminal/paper.ts'

const question = new Msg('User', 'Hi!', 'user')
let simulated: Simulator | undefined

afterEach(async () => simulated?.close())

/** Configured as in AgentScope's JSON, shown on paper. */
async function configured(stream: boolean, script: Script = { text: ['Hel', 'lo', '!'] }): Promise<Paper> {
  simulated = await simulator({ models: { 'qwen-max': script } })
  const paper = new Paper()
  await init({
    modelConfigs: {
      model_type: 'dashscope_chat',
      config_name: 'qwen',
      model_name: 'qwen-max',
      api_key: 'a-test-key',
      stream,
      base_url: simulated.baseUrl('dashscope'),
    },
    terminal: { output: paper, input: keyboard() },
  })
  return paper
}

/** The custom agent of the tutorial. */
class Custom extends AgentBase {
  response: ModelResponse | undefined

  protected override async reply(x: Msg): Promise<Msg> {
    this.response = await this.model.call(this.model.format(x))
    return this.speak(this.response.stream ?? this.response.text)
  }
}

describe.each([true, false])('with stream: %s', (stream) => {
  it('a built-in agent speaks with nothing but the name of its configuration', async () => {
    const paper = await configured(stream)
    const answer = await new DialogAgent({ name: 'Friday', sysPrompt: 'Be kind.', modelConfigName: 'qwen' }).call(
      question,
    )
    expect(textOf(answer)).toBe('Hello!')
    expect(paper.text).toBe('Friday: Hello!\n')
    expect(paper.writes.length > 2).toBe(stream)
  })

  it('a custom agent speaks with the same line, and has the text afterwards without asking again', async () => {
    const paper = await configured(stream)
    const agent = new Custom({ name: 'Friday', modelConfigName: 'qwen' })
    const answer = await agent.call(question)
    expect(paper.text).toBe('Friday: Hello!\n')
    expect([textOf(answer), agent.response?.text, await agent.response?.getText()]).toEqual([
      'Hello!',
      'Hello!',
      'Hello!',
    ])
    expect(simulated?.requests).toHaveLength(1)
  })
})

it('a spoken stream is the whole response: its thoughts and its calls are heard, under one id', async () => {
  const toolCalls = [{ name: 'look', input: { at: 'Rome' } }]
  const paper = await configured(true, { thinking: 'Hm.', text: 'Look:', toolCalls })
  const agent = new Custom({ name: 'Friday', modelConfigName: 'qwen' })
  const answer = await agent.call(question)
  expect(paper.text).toBe('Friday (thinking) Hm.\nFriday: Look:\nFriday → look({"at":"Rome"})\n')
  expect(answer.id).toBe(agent.response?.id)
  expect(answer.ending?.reason).toBe('tool-calls')
})

it('an agent speaks in the terminal before anybody has called init()', async () => {
  const program = `
    import { AgentBase } from ${JSON.stringify(new URL('../../src/agents/index.ts', import.meta.url).href)}
    class Friday extends AgentBase { reply() { return this.speak('Hello!') } }
    await new Friday({ name: 'Friday' }).call()`
  const args = ['--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { NO_COLOR: '1' } })
  expect(stdout).toBe('Friday: Hello!\n')
})
