// What messages weigh: OpenAI's rule with a real tokenizer, estimates, and the correction by what a provider counted.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import * as gpt4 from 'gpt-tokenizer/model/gpt-4-turbo'
import * as gpt4o from 'gpt-tokenizer/model/gpt-4o'
import { describe, expect, it } from 'vitest'
import { Msg } from '../../src/core/message.ts'
import { estimateTokens, openaiTokens, TemporaryMemory, usageTokens } from '../../src/memory/index.ts'
import { calls, idsOf, results, said } from './conversations.ts'

const talk = [
  { role: 'system', content: 'You answer in rhymes.' },
  { role: 'user', name: 'Ann', content: 'Why is the sky blue? 空はなぜ青いの?' },
  { role: 'assistant', content: '```js\nconst sky = "blue"\n```' },
] as const

async function requestTokens(modelName: string, messages: readonly Msg[]): Promise<number> {
  const counter = openaiTokens({ modelName })
  await counter.prepare?.()
  return messages.reduce((sum, message) => sum + counter.count(message), counter.perRequest ?? 0)
}

describe('tokens as OpenAI counts them', () => {
  it.each([
    ['gpt-4o', gpt4o],
    ['gpt-4-turbo', gpt4],
  ])('are those of its rule for %s', async (modelName, oracle) => {
    const messages = talk.map(({ role, content, ...rest }) => new Msg('name' in rest ? rest.name : '', content, role))
    expect(await requestTokens(modelName, messages)).toBe(oracle.countChatCompletionTokens?.({ messages: [...talk] }))
  })

  it('are 3 for a request, 3 for a message, 1 for its role, 1 for having a name', async () => {
    expect(await requestTokens('gpt-4o', [new Msg('', 'Hello there', 'user')])).toBe(3 + 3 + 1 + 2)
    expect(await requestTokens('gpt-4o', [new Msg('Ann', 'Hello there', 'user')])).toBe(3 + 3 + 1 + 1 + 1 + 2)
  })

  it.each([
    ['gpt-4o-mini', 'gpt-4o'],
    ['gpt-5.1', 'gpt-4o'],
    ['o3-mini', 'gpt-4o'],
    ['openai/gpt-4.1', 'gpt-4o'],
    ['gpt-3.5-turbo', 'gpt-4'],
    ['ft:gpt-4-0613:us::1', 'gpt-4'],
  ])('are for %s those of %s', async (modelName, alike) => {
    const messages = [said('a', 'Ein Kätzchen schläft auf dem Sofa. 猫がソファで眠っている。')]
    expect(await requestTokens(modelName, messages)).toBe(await requestTokens(alike, messages))
    expect(await requestTokens('gpt-4o', messages)).not.toBe(await requestTokens('gpt-4', messages))
  })

  it('take what looks like a control token as text, and media for a flat number', async () => {
    const image = { type: 'image', url: 'https://a.test/cat.png' } as const
    const counter = openaiTokens({ mediaTokens: 85 })
    await counter.prepare?.()
    expect(counter.count(said('a', '<|endoftext|>'))).toBeGreaterThan(5)
    const [with2, without] = [[image, image], []].map((content) => counter.count(new Msg('', content, 'user')))
    expect(with2! - without!).toBe(170)
  })

  it('come in no time for a text without blanks', async () => {
    const counter = openaiTokens()
    await counter.prepare?.()
    const started = performance.now()
    const kana = counter.count(said('a', 'あいうえお'.repeat(8_000)))
    const letters = counter.count(said('b', 'abcdefghij'.repeat(8_000)))
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(Math.min(kana, letters)).toBeGreaterThan(10_000)
  })

  it('need gpt-tokenizer, and say how to get it; the default counter does without', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', withoutTokenizer], {
      cwd: resolve(import.meta.dirname, '../..'),
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      type: 'config',
      advice: expect.stringContaining('npm install gpt-tokenizer'),
      given: 1,
    })
  })
})

const withoutTokenizer = `
  import { registerHooks } from 'node:module'
  registerHooks({
    resolve(specifier, context, next) {
      return next(specifier.replace('gpt-tokenizer', 'gpt-tokenizer-that-nobody-installed'), context)
    },
  })
  const { openaiTokens, TemporaryMemory } = await import('./src/memory/index.ts')
  const { type, advice } = await openaiTokens().prepare().catch((error) => error)
  const memory = new TemporaryMemory({ window: { maxTokens: 30 } })
  for (const id of ['a', 'b']) memory.add({ id, name: 'u', role: 'user', content: 'word '.repeat(20) })
  const given = await memory.recall({ model: { modelName: 'gpt-4o' } })
  console.log(JSON.stringify({ type, advice, given: given.length }))
`

describe('an estimate', () => {
  it.each([
    ['English', 'The quick brown fox jumps over the lazy dog. '.repeat(20)],
    ['Chinese', '今天的天气很好,我们去公园散步吧。'.repeat(20)],
    ['Japanese', 'ひらがなとカタカナと漢字の文章です。'.repeat(20)],
    ['Korean', '오늘은 날씨가 좋아서 공원에 갑니다. '.repeat(20)],
    ['Russian', 'Сегодня хорошая погода, пойдём гулять. '.repeat(20)],
    ['digits', '0123456789'.repeat(50)],
    ['code', 'if (a[i] !== b[i]) return { i, a: a[i] };\n'.repeat(20)],
  ])('of %s is between half and twice of what a tokenizer counts', async (_, text) => {
    const counter = openaiTokens()
    await counter.prepare?.()
    const real = counter.count(new Msg('', text, 'user')) - 4
    expect(estimateTokens(text)).toBeGreaterThan(real / 2)
    expect(estimateTokens(text)).toBeLessThan(real * 2)
  })

  it.each(['ん', '한', '7', 'x', '🙂'])('of %j is not nothing', (text) => {
    expect(estimateTokens(text)).toBeGreaterThan(0)
    expect(estimateTokens('')).toBe(0)
  })

  it('sees calls, results, thoughts and media', () => {
    const { count } = usageTokens({ mediaTokens: 500 })
    const long = 'word '.repeat(400)
    const output = { type: 'tool_result', id: '1', output: long } as const
    const call = { type: 'tool_use', id: '1', name: 'f', rawInput: JSON.stringify({ long }) } as const
    for (const block of [output, call, { type: 'thinking', thinking: long } as const]) {
      expect(count(new Msg('', [block], 'assistant'))).toBeGreaterThan(400)
    }
    expect(count(new Msg('', [{ type: 'image', url: 'https://a.test/cat.png' }], 'user'))).toBe(504)
    expect(count(calls('a', '1'))).toBeGreaterThan(4)
    expect(count(results('a', '1', '2'))).toBeGreaterThan(8)
    expect(count(new Msg('', [], 'user'))).toBe(4)
  })
})

describe("the provider's last usage", () => {
  const words = 'x'.repeat(24)
  /** By the estimate each weighs 4 + 1 for the name + 6 for the words + 0, and a request 3. */
  const message = (id: string) => new Msg('user', words, 'user', { id })
  const remembering = (maxTokens: number, ...ids: string[]) => {
    const memory = new TemporaryMemory({ counter: usageTokens(), window: { maxTokens } })
    memory.add(ids.map(message))
    return memory
  }

  it('counts for what was sent with it, and an estimate for what came after', async () => {
    const memory = remembering(60, 'a', 'b')
    expect(await memory.recall()).toHaveLength(2)
    memory.add(message('c'))
    // The estimate of a and b was 25; 45 means that 20 went along unseen: only two of the three fit any more.
    const usage = { inputTokens: 45, outputTokens: 5 }
    expect(idsOf(await memory.recall({ usage }))).toEqual(['a', 'b', 'c'])
    memory.add(message('d'))
    expect(idsOf(await memory.recall({ usage }))).toEqual(['b', 'c', 'd'])
  })

  it('makes the estimate smaller when the provider counted less', async () => {
    const memory = remembering(50, 'a', 'b', 'c', 'd')
    expect(await memory.recall()).toHaveLength(4)
    memory.add(['e', 'f', 'g', 'h'].map(message))
    expect(await memory.recall({ usage: { inputTokens: 24 } })).toHaveLength(8)
  })

  it('belongs to the call before: one that failed measured nothing', async () => {
    const memory = remembering(1_000, 'a')
    const usage = { inputTokens: 20, outputTokens: 1 }
    await memory.recall()
    memory.add(message('b'))
    await memory.recall({ usage })
    memory.add(Array.from({ length: 60 }, (_, index) => message(`m${index}`)))
    // The failed call in between was larger; taken for what 20 tokens were, everything would seem to weigh nothing.
    await memory.recall({ usage })
    expect((await memory.recall({ usage: { ...usage } })).length).toBe(62)
    memory.add(Array.from({ length: 60 }, (_, index) => message(`n${index}`)))
    expect((await memory.recall({ usage })).length).toBeLessThan(92)
  })
})
