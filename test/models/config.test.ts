import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import {
  createModels,
  DashScopeChatWrapper,
  type ModelConfig,
  OpenAIChatWrapper,
  registerModelWrapper,
  WrapperRegistry,
} from '../../src/models/index.ts'
import { defaultRegistry } from '../../src/models/registry.ts'
import { listening, thrown } from './warnings.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentscope-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const qwen = { model_type: 'dashscope_chat', config_name: 'qwen', model_name: 'qwen-max', stream: true }
const gpt = { modelType: 'openai_chat', configName: 'gpt', modelName: 'gpt-4o', apiKey: 'sk-canary-1' }
const keys = { DASHSCOPE_API_KEY: 'sk-canary-2' }

describe('model configurations', () => {
  const ways: [string, () => ModelConfig[] | ModelConfig | string | URL, string[]][] = [
    ['an object', () => qwen, ['qwen']],
    ['an array', () => [qwen, gpt], ['qwen', 'gpt']],
    ['an empty array', () => [], []],
    ['a file with an object', () => file('one.json', JSON.stringify(qwen)), ['qwen']],
    ['a file with an array', () => file('two.json', JSON.stringify([qwen, gpt], null, 2)), ['qwen', 'gpt']],
    ['a file with a byte-order mark', () => file('bom.json', `\uFEFF${JSON.stringify(qwen)}`), ['qwen']],
    ['a file URL', () => pathToFileURL(file('url.json', JSON.stringify(qwen))), ['qwen']],
    ['a file URL in a string', () => pathToFileURL(file('url.json', JSON.stringify(qwen))).href, ['qwen']],
  ]

  it.each(ways)('may be %s', (_, configs, names) => {
    expect(createModels(configs(), listening()).names).toEqual(names)
  })

  it('may be a path that begins at a folder', () => {
    file('here.json', JSON.stringify(gpt))
    expect(createModels('here.json', { ...listening(), baseFolder: folder }).names).toEqual(['gpt'])
  })

  it('give a new wrapper of their type at each asking', () => {
    const models = createModels([qwen, gpt], listening(keys))
    const first = models.model('qwen')
    expect(first).toBeInstanceOf(DashScopeChatWrapper)
    expect(first).toMatchObject({ configName: 'qwen', modelName: 'qwen-max', stream: true })
    expect(models.model('qwen')).not.toBe(first)
    expect(models.model('gpt')).toBeInstanceOf(OpenAIChatWrapper)
    expect([models.has('qwen'), models.has('toString')]).toEqual([true, false])
  })

  it('of one name: the first stays, with a warning', () => {
    const context = listening(keys)
    const models = createModels([qwen, { ...qwen, model_name: 'other' }], context)
    expect(context.warnings).toEqual([
      'modelConfigs[1]: there is a model configuration "qwen" already; this one is left out.',
    ])
    expect(models.model('qwen').modelName).toBe('qwen-max')
  })

  it('do not change when the given objects do later', () => {
    const config = { ...qwen }
    const models = createModels(config, listening(keys))
    config.model_name = 'other'
    expect(models.model('qwen').modelName).toBe('qwen-max')
  })

  it('never show a key, however they are printed', () => {
    const models = createModels([qwen, gpt], listening(keys))
    const shown = [inspect(models, { depth: 9, showHidden: true }), JSON.stringify(models), String(models)]
    expect(shown.join()).not.toContain('canary')
    expect(shown[0]).toContain('qwen, gpt')
  })
})

describe('wrong configurations', () => {
  const wrong: [string, unknown, RegExp][] = [
    ['a number', 7, /^modelConfigs: expected a model configuration or a list of them, got the number 7/],
    ['nothing', undefined, /^modelConfigs: expected .*, got nothing/],
    ['a map', new Map(), /got an object \(Map\)/],
    ['JSON text', '[{"api_key": "sk-canary"}]', /^modelConfigs: expected the path of a JSON file, got a string of 26/],
    ['an empty path', '', /expected the path of a JSON file, got a string of 0/],
    ['a web address', new URL('https://canary@h/'), /got an address that begins with https:/],
    [
      'an item that is a string',
      [qwen, 'sk-canary'],
      /^modelConfigs\[1\]: expected a model configuration, got a string/,
    ],
    [
      'no config_name',
      [{ model_type: 'openai_chat' }],
      /^modelConfigs\[0\]: the model configuration has no config_name/,
    ],
    ['no model_type', { config_name: 'a' }, /^modelConfigs \("a"\): the model configuration has no model_type/],
    ['a null config_name', { config_name: null, model_type: 'a' }, /has no config_name/],
    ['a wrong config_name', { configName: 5, model_type: 'a' }, /needs a string in configName, got the number 5/],
    ['an empty model_type', { config_name: 'a', model_type: '' }, /needs a string in model_type, got a string of 0/],
  ]

  it.each(wrong)('%s: refused with the place and the remedy', (_, configs, message) => {
    const error = thrown(() => createModels(configs as never, listening()))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(message)
    expect(inspect(error)).not.toContain('canary')
  })

  it('a missing file is named with its whole path', () => {
    const error = thrown(() => createModels('no/such.json', { baseFolder: folder }))
    expect(error.message).toBe(`${join(folder, 'no/such.json')}: there is no such file.`)
    expect(error.advice).toContain('Give the path of a JSON file')
  })

  it('a folder is no file', () => {
    expect(thrown(() => createModels(folder)).message).toBe(`${folder}: this is a folder.`)
  })

  it('broken JSON is told with line and column, and nothing of the file is quoted', () => {
    const path = file('broken.json', '[\n  { "config_name": "a",\n    "api_key": "sk-canary-3" "model_type": "b" }\n]')
    const error = thrown(() => createModels(path))
    expect(error.message).toBe(`${path}:3:30: the file is not JSON: "\\"" where "," or "}" was expected.`)
    expect(error.advice).toBe('Correct line 3, column 30.')
    expect(inspect(error)).not.toContain('canary')
  })

  it('a file that holds something else is told so', () => {
    const path = file('number.json', '5')
    expect(thrown(() => createModels(path)).message).toContain(`${path}: expected a model configuration`)
    const empty = file('empty.json', '')
    expect(thrown(() => createModels(empty)).message).toContain(
      `${empty}:1:1: the file is not JSON: the end of the text`,
    )
  })

  it('a fault in an item of a file is told with the file and its place in it', () => {
    const path = file('item.json', JSON.stringify([qwen, { config_name: 'b' }]))
    expect(thrown(() => createModels(path)).message).toContain(
      `${path}[1] ("b"): the model configuration has no model_type`,
    )
  })
})

describe('asking for a model', () => {
  it('that is not configured lists those that are', () => {
    const error = thrown(() => createModels([qwen, gpt], listening(keys)).model('qwem'))
    expect(`${error.message} ${error.advice}`).toBe(
      'There is no model configuration "qwem". Did you mean "qwen"? There are qwen, gpt. Configurations are given to init({ modelConfigs }).',
    )
  })

  it('when there are none says so', () => {
    expect(thrown(() => createModels([]).model('x')).advice).toContain('There are no model configurations yet.')
  })

  it('of an unknown type lists the known ones', () => {
    const error = thrown(() => createModels({ config_name: 'a', model_type: 'openai' }).model('a'))
    expect(error.message).toBe('modelConfigs: model configuration "a": There is no model type "openai".')
    for (const type of defaultRegistry.types) expect(error.advice).toContain(type)
    expect(defaultRegistry.types).toHaveLength(7)
  })

  it('whose options are wrong says which configuration it is', () => {
    const error = thrown(() => createModels({ ...qwen, stream: 'yes' }, listening(keys)).model('qwen'))
    expect(error.message).toBe(
      'modelConfigs: model configuration "qwen": dashscope: stream must be true or false, got a string of 3 characters.',
    )
    expect(error.provider).toBe('dashscope')
  })

  it('that cannot be made says in which file and where in it the configuration stands', () => {
    const path = file('types.json', JSON.stringify([qwen, { config_name: 'b', model_type: 'opnai_chat' }]))
    const error = thrown(() => createModels(path, listening(keys)).model('b'))
    expect(error.message).toContain(`${path}[1]: model configuration "b": There is no model type "opnai_chat".`)
  })

  it('without a key names the variable, and warnings go where the others go', () => {
    const context = listening()
    const error = thrown(() => createModels({ ...qwen, temprature: 1 }, context).model('qwen'))
    expect(error.advice).toContain('DASHSCOPE_API_KEY')
    const heard = listening(keys)
    createModels({ ...qwen, temperature: 1 }, heard).model('qwen')
    expect(heard.warnings).toEqual([expect.stringContaining('dashscope: the option temperature has no effect')])
  })
})

describe("a class of one's own", () => {
  class MyWrapper extends OpenAIChatWrapper {
    static override readonly modelType = 'my_chat'
  }

  it('answers for its type once it is registered', () => {
    const registry = new WrapperRegistry([OpenAIChatWrapper])
    registry.register(MyWrapper)
    const config = { config_name: 'mine', model_type: 'my_chat', model_name: 'm', api_key: 'sk-1' }
    const model = createModels(config, { ...listening(), registry }).model('mine')
    expect(model).toBeInstanceOf(MyWrapper)
    expect(model.modelType).toBe('my_chat')
    expect(registry.types).toEqual(['openai_chat', 'my_chat'])
    expect(defaultRegistry.types).not.toContain('my_chat')
  })

  it('is known everywhere after registerModelWrapper', () => {
    registerModelWrapper(MyWrapper)
    const config = { config_name: 'mine', model_type: 'my_chat', model_name: 'm', api_key: 'sk-1' }
    expect(createModels(config, listening()).model('mine')).toBeInstanceOf(MyWrapper)
  })

  it('cannot take a type that is taken, unless that is meant', () => {
    class Other extends OpenAIChatWrapper {}
    const registry = new WrapperRegistry([OpenAIChatWrapper])
    registry.register(OpenAIChatWrapper)
    const error = thrown(() => registry.register(Other))
    expect(error.message).toBe('The model type "openai_chat" of Other is taken by OpenAIChatWrapper.')
    registry.register(Other, { existOk: true })
    expect(registry.get('openai_chat')).toBe(Other)
  })

  it('must be a class with a modelType and a call', () => {
    const registry = new WrapperRegistry()
    class Untyped {
      call() {}
    }
    expect(thrown(() => registry.register(Untyped as never)).message).toBe('Untyped has no static modelType.')
    for (const value of [undefined, 'x', {}, () => 1, class {}]) {
      expect(thrown(() => registry.register(value as never)).message).toMatch(/must be a class with a method call/)
    }
  })
})
