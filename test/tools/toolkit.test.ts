// Tools by name: AgentScope's ServiceToolkit (presets, extension, instruction) and the groups of its later Toolkit.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ConfigError } from '../../src/core/error.ts'
import { type Tool, Toolkit, tool } from '../../src/tools/index.ts'
import { callOf, runOne } from './running.ts'

const search = tool({
  name: 'search',
  description: 'Searches the web',
  input: z.object({
    query: z.string().describe('What to look for'),
    count: z.int().default(5),
    order: z.enum(['new', 'near']).optional(),
    apiKey: z.string(),
  }),
  run: (input) => input,
})

function named(name: string, says = name): Tool {
  return tool({ name, description: `Says ${says}`, run: () => says })
}

function parametersOf(kit: Toolkit, name: string) {
  return kit.schemas.find((schema) => schema.name === name)?.parameters ?? {}
}

async function called(kit: Toolkit, name: string, input: unknown = {}) {
  const found = kit.get(name)
  const { result } = await runOne(callOf(name, input), found === undefined ? [] : [found])
  return result
}

describe('a toolkit', () => {
  it('takes tools and descriptions of tools, and gives them by name and as schemas', () => {
    const kit = new Toolkit([search, { name: 'now', description: 'The time', run: () => 'noon' }])
    expect(kit.names).toEqual(['search', 'now'])
    expect(kit.schemas.map(({ name }) => name)).toEqual(['search', 'now'])
    expect(kit.get('search')).toBe(search)
    expect([kit.has('now'), kit.has('then'), kit.get('then')]).toEqual([true, false, undefined])
  })

  it.each<[string, () => unknown]>([
    ['a function in the place of a tool', () => new Toolkit([(() => 'noon') as never])],
    ['nothing in the place of a tool', () => new Toolkit().add(undefined as never)],
    ['a policy that is none', () => new Toolkit([search]).add(named('search'), { onClash: 'keep' as never })],
  ])('refuses %s with a ConfigError', (_, act) => {
    expect(act).toThrow(ConfigError)
  })

  it('forgets a tool that is removed', () => {
    const kit = new Toolkit([search])
    expect([kit.remove('search'), kit.remove('search')]).toEqual([true, false])
    expect(kit.names).toEqual([])
  })

  it('describes enums and defaults to the model', () => {
    const { properties, required } = parametersOf(new Toolkit([search]), 'search')
    expect(properties).toMatchObject({
      query: { type: 'string', description: 'What to look for' },
      count: { type: 'integer', default: 5 },
      order: { type: 'string', enum: ['new', 'near'] },
    })
    expect(required).toEqual(['query', 'apiKey'])
  })
})

describe('preset arguments', () => {
  it('are hidden from the model and given to the tool', async () => {
    const kit = new Toolkit()
    kit.add(search, { preset: { apiKey: 'k-1' } })
    expect(parametersOf(kit, 'search')['required']).toEqual(['query'])
    expect(JSON.stringify([kit, kit.schemas, kit.instruction])).not.toMatch(/apiKey|k-1/)
    const { output } = await called(kit, 'search', { query: 'cats' })
    expect(JSON.parse(String(output))).toEqual({ query: 'cats', count: 5, apiKey: 'k-1' })
  })

  it('cannot be changed by the model', async () => {
    const kit = new Toolkit()
    kit.add(search, { preset: { apiKey: 'k-1', count: 3 } })
    const { output } = await called(kit, 'search', { query: 'cats', apiKey: 'mine', count: 100 })
    expect(JSON.parse(String(output))).toMatchObject({ apiKey: 'k-1', count: 3 })
  })

  it('can be all that a tool takes', async () => {
    const add = tool({
      name: 'add',
      description: 'Adds',
      input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'], additionalProperties: false },
      run: (input) => (input as { n: number }).n + 1,
    })
    const kit = new Toolkit()
    kit.add(add, { preset: { n: 1 } })
    expect(parametersOf(kit, 'add')).toEqual({ type: 'object', properties: {}, additionalProperties: false })
    expect((await called(kit, 'add')).output).toBe('2')
  })

  it('must be arguments of the tool', () => {
    expect(() => new Toolkit().add(search, { preset: { apikey: 'k-1' } })).toThrow(
      expect.objectContaining({
        type: 'config',
        message: 'The tool search takes no argument "apikey" that could be preset.',
        advice: expect.stringContaining('Did you mean "apiKey"?'),
      }),
    )
  })

  it('leave the tool itself as it is', () => {
    new Toolkit().add(search, { preset: { apiKey: 'k-1' } })
    expect(search.schema.parameters).toHaveProperty('properties.apiKey')
  })
})

describe('a name that is taken', () => {
  it('is an error that says what to do', () => {
    const kit = new Toolkit([named('a')])
    expect(() => kit.add(named('a'))).toThrow(
      expect.objectContaining({
        type: 'config',
        message: 'The toolkit has a tool named "a" already.',
        advice: expect.stringContaining("onClash: 'skip'"),
      }),
    )
  })

  it.each([
    ['skip', ['a', 'a_2'], 'old'],
    ['overwrite', ['a', 'a_2'], 'new'],
    ['rename', ['a', 'a_2', 'a_3'], 'old'],
  ] as const)('is dealt with by %s', async (onClash, names, says) => {
    const kit = new Toolkit([named('a', 'old'), named('a_2')], { onClash })
    const added = kit.add(named('a', 'new'))
    expect(kit.names).toEqual(names)
    expect((await called(kit, 'a')).output).toBe(says)
    expect((await called(kit, added.name)).output).toBe(onClash === 'skip' ? 'old' : 'new')
  })

  it('is avoided by another name', async () => {
    const kit = new Toolkit([named('a', 'old')])
    kit.add(named('a', 'new'), { name: 'b' })
    expect(kit.schemas.map(({ name }) => name)).toEqual(['a', 'b'])
    expect((await called(kit, 'b')).output).toBe('new')
  })

  it('stays within the 64 characters that providers take', () => {
    const long = 'x'.repeat(64)
    const kit = new Toolkit([named(long), named(long)], { onClash: 'rename' })
    expect(kit.names).toEqual([long, `${'x'.repeat(62)}_2`])
  })
})
