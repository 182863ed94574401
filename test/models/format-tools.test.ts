// Tools in the form of each of the seven wires. AgentScope: format_tools_json_schemas.
import { describe, expect, it } from 'vitest'
import { Toolkit, tool } from '../../src/tools/index.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather = tool({ name: 'wx', description: 'Weather', input: parameters, strict: true, run: () => 'sun' })
const now = tool({ name: 'now', description: 'The time', run: () => 'noon' })
const kit = new Toolkit([weather, now])

const nothing = { type: 'object', properties: {} }
const functions = [
  { type: 'function', function: { name: 'wx', description: 'Weather', parameters, strict: true } },
  { type: 'function', function: { name: 'now', description: 'The time', parameters: nothing } },
]
/** The same as AgentScope's users write them. */
const written = [functions[0], { type: 'function', function: { name: 'now', description: 'The time' } }]
const expected = {
  openai: functions,
  dashscope: functions,
  zhipuai: functions,
  ollama: functions,
  litellm: functions,
  anthropic: [
    { name: 'wx', description: 'Weather', input_schema: parameters, strict: true },
    { name: 'now', description: 'The time', input_schema: nothing },
  ],
  gemini: [
    {
      functionDeclarations: [
        { name: 'wx', description: 'Weather', parametersJsonSchema: parameters },
        { name: 'now', description: 'The time' },
      ],
    },
  ],
}

describe.each(wires)('tools for %s', (wire) => {
  const model = wrapperFor(wire)

  it('have the form that its requests list them in', () => {
    expect(model.formatTools(kit.schemas)).toEqual(expected[wire])
  })

  it('are the same from a toolkit, from tools, and from the usual forms', () => {
    const formatted = model.formatTools(kit)
    expect(formatted).toEqual(expected[wire])
    expect(model.formatTools([weather, now])).toEqual(formatted)
    expect(model.formatTools(written)).toEqual(formatted)
    expect(model.formatTools({ wx: written[0], now: written[1] })).toEqual(formatted)
  })

  it('are an empty list when there are none', () => {
    expect(model.formatTools(undefined)).toEqual([])
    expect(model.formatTools(new Toolkit())).toEqual([])
  })

  it('are refused with their place when they are no tools', () => {
    expect(() => model.formatTools([{ name: 'a b' }])).toThrow(
      expect.objectContaining({ type: 'input', message: expect.stringContaining('tools[0]') }),
    )
  })
})
