// What changes in a toolkit while an agent lives: groups that come and go, sources that change, schemas that grow.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { toolSchemas } from '../../src/core/tool.ts'
import { type Tool, Toolkit, tool, toolsInstruction } from '../../src/tools/index.ts'
import { callOf, runOne } from './running.ts'

function named(name: string, says = name): Tool {
  return tool({ name, description: `Says ${says}`, run: () => says })
}

async function called(kit: Toolkit, name: string, input: unknown = {}) {
  const found = kit.get(name)
  const { result } = await runOne(callOf(name, input), found === undefined ? [] : [found])
  return result.output
}

function kitWithGroups(): Toolkit {
  const kit = new Toolkit([named('always')])
  kit.createGroup('maps', { description: 'Ways and places', notes: 'Give distances in km.' })
  kit.createGroup('mail', { active: true })
  kit.add(named('route'), { group: 'maps' })
  kit.add(named('send'), { group: 'mail' })
  return kit
}

describe('groups of tools', () => {
  it('are offered when they are active, and tools without a group always are', () => {
    const kit = kitWithGroups()
    expect(kit.names).toEqual(['always', 'send'])
    kit.activate('maps').deactivate('mail')
    expect(kit.names).toEqual(['always', 'route'])
    expect(kit.schemas.map(({ name }) => name)).toEqual(['always', 'route'])
    expect([kit.get('send'), kit.has('send')]).toEqual([undefined, true])
  })

  it('tell what they are', () => {
    expect(kitWithGroups().groups).toEqual([
      { name: 'maps', description: 'Ways and places', notes: 'Give distances in km.', active: false, tools: ['route'] },
      { name: 'mail', description: '', active: true, tools: ['send'] },
    ])
  })

  it('go with their tools', () => {
    const kit = kitWithGroups()
    expect([kit.removeGroup('mail'), kit.removeGroup('mail')]).toEqual([true, false])
    expect([kit.names, kit.has('send')]).toEqual([['always'], false])
  })

  it.each([
    ['a group that is not there', (kit: Toolkit) => kit.activate('mail', 'map'), 'Did you mean "maps"?'],
    ['a group that is there already', (kit: Toolkit) => kit.createGroup('maps'), 'named "maps" already'],
    ['a tool for no group', (kit: Toolkit) => kit.add(named('x'), { group: 'none' }), 'no group of tools named "none"'],
  ])('are not mistaken: %s', (_what, act, message) => {
    const kit = kitWithGroups()
    expect(() => act(kit)).toThrow(
      expect.objectContaining({ type: 'config', message: expect.stringContaining(message) }),
    )
    expect(kit.names).toEqual(['always', 'send'])
  })

  it('are written down and made active again, also when they come later', () => {
    const state = JSON.parse(JSON.stringify(kitWithGroups().activate('maps').deactivate('mail')))
    expect(state).toEqual({ activeGroups: ['maps'] })
    expect(kitWithGroups().load(state).names).toEqual(['always', 'route'])
    const later = new Toolkit().load(state).createGroup('maps').createGroup('mail')
    expect(later.groups.map(({ active }) => active)).toEqual([true, false])
  })
})

describe('a source whose tools change', () => {
  it('has all its tools replaced in one step', async () => {
    const kit = kitWithGroups().sync('server', [named('read'), named('list', 'old')])
    expect(kit.names).toEqual(['always', 'send', 'read', 'list'])
    kit.sync('server', [named('list', 'new'), named('write')])
    expect(kit.names).toEqual(['always', 'send', 'list', 'write'])
    expect(await called(kit, 'list')).toBe('new')
    expect(kit.deactivate('server').sync('server', [named('read')]).names).toEqual(['always', 'send'])
  })

  it('changes nothing when one of its names is taken', () => {
    const kit = kitWithGroups().sync('server', [named('read')])
    expect(() => kit.sync('server', [named('write'), named('send')])).toThrow(
      expect.objectContaining({ message: 'The toolkit has a tool named "send" already, in the group "mail".' }),
    )
    expect(kit.names).toEqual(['always', 'send', 'read'])
    expect(kit.sync('server', [named('send')], { onClash: 'rename' }).names).toEqual(['always', 'send', 'send_2'])
  })

  it('does not take back the extension of a tool that is still there', () => {
    const kit = new Toolkit().sync('server', [named('read')]).extend('read', z.object({ why: z.string() }))
    kit.sync('server', [named('read'), named('write')])
    expect(kit.schemas[0]?.parameters).toHaveProperty('properties.why')
  })
})

describe('a tool that is extended', () => {
  const finish = tool({
    name: 'finish',
    description: 'Ends the reply',
    input: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false,
    },
    run: (input) => input,
  })
  const model = z.object({ score: z.int().max(10), tags: z.array(z.string()).default([]) })

  it('shows the model both schemas as one, and gives the tool both values', async () => {
    const kit = new Toolkit([finish]).extend('finish', model)
    expect(kit.schemas[0]?.parameters).toMatchObject({
      properties: { text: { type: 'string' }, score: { type: 'integer', maximum: 10 }, tags: { type: 'array' } },
      required: ['text', 'score'],
    })
    const output = await called(kit, 'finish', { text: 'Well.', score: 7 })
    expect(JSON.parse(String(output))).toEqual({ text: 'Well.', score: 7, tags: [] })
  })

  it('names what is wrong in either part', async () => {
    const kit = new Toolkit([finish]).extend('finish', model)
    const output = await called(kit, 'finish', { text: 1, score: 70 })
    expect(output).toMatch(/text: .*string.*; score: .*10/)
  })

  it('is as it was after restore, and takes another extension', async () => {
    const kit = new Toolkit([finish]).extend('finish', model).extend('finish', z.object({ mood: z.string() }))
    expect(kit.schemas[0]?.parameters).toMatchObject({ required: ['text', 'mood'] })
    kit.restore('finish')
    expect(kit.schemas[0]).toEqual(finish.schema)
    expect(await called(kit, 'finish', { text: 'Well.', score: 7 })).toMatch(/score/)
  })

  it.each([
    ['an argument that it has', 'finish', z.object({ text: z.string() }), 'has the argument "text" already'],
    ['a tool that is not there', 'finsh', z.object({}), 'Did you mean "finish"?'],
    ['what is no object', 'finish', z.string(), 'can only be extended by a schema of type object'],
  ])('cannot be extended by %s', (_what, name, schema, message) => {
    const kit = new Toolkit([finish])
    expect(() => kit.extend(name, schema)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    )
    expect(kit.schemas).toEqual([finish.schema])
  })
})

describe('the instruction', () => {
  it('names each tool with a number, and each argument with its type, its need and its words', () => {
    const order = tool({
      name: 'order',
      description: 'Orders a meal',
      input: z.object({
        dish: z.enum(['soup', 'cake']).describe('From the menu'),
        guests: z.array(z.string()),
        table: z.union([z.int(), z.null()]).default(null),
        size: z.literal('big').optional(),
      }),
      run: () => 1,
    })
    expect(new Toolkit([order, named('now')]).instruction).toBe(
      [
        'These tools can be called:',
        '1. order: Orders a meal',
        '   - dish ("soup" | "cake", required): From the menu',
        '   - guests (string[], required)',
        '   - table (integer | null, optional): Default: null.',
        '   - size ("big", optional)',
        '2. now: Says now',
        '   It takes no arguments.',
      ].join('\n'),
    )
  })

  it('adds the JSON Schema for arguments that hold others', () => {
    const parameters = {
      type: 'object',
      properties: { at: { type: 'object', properties: { x: { type: 'number' } } }, any: {} },
    }
    expect(toolsInstruction([{ name: 'go', parameters }])).toBe(
      [
        'These tools can be called:',
        '1. go',
        '   - at (object, optional)',
        '   - any (value, optional)',
        `   As JSON Schema: ${JSON.stringify(parameters)}`,
      ].join('\n'),
    )
  })

  it('is empty without tools', () => {
    expect(new Toolkit().instruction).toBe('')
  })
})

describe('a toolkit handed to a model', () => {
  it('is read as its schemas, and so is a list of tools', () => {
    const kit = kitWithGroups()
    expect(toolSchemas(kit)).toEqual(kit.schemas)
    expect(toolSchemas([named('a')])).toEqual([{ name: 'a', description: 'Says a' }])
  })
})
