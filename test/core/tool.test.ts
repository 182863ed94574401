// Tool descriptions in all the forms that users write.
import { describe, expect, it } from 'vitest'
import { toolSchemas } from '../../src/core/tool.ts'

const parameters = { type: 'object', properties: { city: { type: 'string' } } }
const ours = { name: 'wx', description: 'Weather', parameters }
const openai = { type: 'function', function: { ...ours, strict: true } }

describe('toolSchemas', () => {
  it.each([
    ['ours', [ours], [ours]],
    ["OpenAI's", [openai], [{ ...ours, strict: true }]],
    ["Anthropic's", [{ name: 'wx', description: 'Weather', input_schema: parameters }], [ours]],
    ["AgentScope's object", { wx: openai }, [{ ...ours, strict: true }]],
    ['a tool that takes nothing', [{ name: 'now' }], [{ name: 'now' }]],
    [
      'parameters without a type',
      [{ name: 'now', parameters: { properties: {} } }],
      [{ name: 'now', parameters: { type: 'object', properties: {} } }],
    ],
    ['a tool with a function to run', [{ ...ours, execute: () => 1 }], [ours]],
    ['no tools', undefined, []],
  ])('takes %s', (_what, given, expected) => {
    expect(toolSchemas(given)).toEqual(expected)
  })

  it.each([
    ['a string', 'wx', 'tools must be a list of tools, got a string of 2 characters.'],
    ['an entry that is no object', [ours, 'wx'], 'tools[1] is not an object but a string of 2 characters.'],
    ['a missing name', [{ description: 'x' }], 'tools[0] has no name.'],
    ['a missing name in an object', { wx: { type: 'function', function: {} } }, 'tools["wx"] has no name.'],
    ['a name with a space', [{ name: 'a b' }], 'tools[0] has the name "a b", which the providers refuse.'],
    [
      'parameters that are no object schema',
      [{ ...ours, parameters: { type: 'string' } }],
      'tools[0] (wx) has parameters that are not a JSON Schema of type object.',
    ],
    [
      'parameters that are a list',
      [{ ...ours, parameters: [] }],
      'tools[0] (wx) has parameters that are not a JSON Schema of type object.',
    ],
    ['a repeated name', [ours, openai], 'tools[1] has the name wx, which tools[0] has already.'],
    [
      'a tool of the provider',
      [{ type: 'web_search_20250305', name: 'w' }],
      'tools[0] has the type "web_search_20250305", which is not a function of ours.',
    ],
  ])('refuses %s, naming its place', (_what, given, message) => {
    expect(() => toolSchemas(given)).toThrow(
      expect.objectContaining({ type: 'input', message, advice: expect.any(String) }),
    )
  })

  it("says where a provider's own tool goes, with an example", () => {
    expect(() => toolSchemas([{ type: 'web_search' }])).toThrow(
      expect.objectContaining({ advice: expect.stringContaining('generateArgs: { tools: [{ type: "web_search" }] }') }),
    )
  })
})
