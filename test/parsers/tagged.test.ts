// MultiTaggedContentParser and RegexTaggedContentParser.
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import {
  JsonParsingError,
  MultiTaggedContentParser,
  RegexTaggedContentParser,
  RequiredFieldNotFoundError,
  TagNotFoundError,
} from '../../src/parsers/index.ts'

const parser = new MultiTaggedContentParser({
  tags: [
    { name: 'thought', contentHint: '{what you think}', tagBegin: '[THOUGHT]', tagEnd: '[/THOUGHT]' },
    { name: 'votes', contentHint: '{a list of names}', parseJson: true },
  ],
  keysToContent: 'votes',
})

describe('several tags', () => {
  it('are shown to the model in order, with what must be JSON', () => {
    const { formatInstruction } = parser
    expect(formatInstruction).toContain('[THOUGHT]{what you think}[/THOUGHT]\n<votes>{a list of names}</votes>')
    expect(formatInstruction).toContain('between <votes> and </votes> must be JSON')
  })

  it.each([
    ['as they were asked for', 'So: [THOUGHT]\n hm \n[/THOUGHT] <votes>["Bob"]</votes>'],
    ['in another order', '<votes>["Bob"]</votes>[THOUGHT]hm[/THOUGHT]'],
    ['without the last end tag', '[THOUGHT]hm[/THOUGHT]<votes>["Bob"]'],
    ['without an end tag in the middle', '[THOUGHT]hm\n<votes>["Bob"]</votes>'],
  ])('are read %s', async (_, text) => {
    const { parsed } = await parser.parse(text)
    expect(parsed).toEqual({ thought: 'hm', votes: ['Bob'] })
    expect(parser.toContent(parsed)).toEqual(['Bob'])
  })

  it.each([
    ['I vote for Bob.', ['[THOUGHT]', '[/THOUGHT]', '<votes>', '</votes>']],
    ['hm[/THOUGHT]<votes>[]</votes>', ['[THOUGHT]']],
    ['[THOUGHT]hm <votes>[]', ['[/THOUGHT]', '</votes>']],
  ])('that are missing in %j are named', async (text, missing) => {
    const failure = await parser.parse(text).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TagNotFoundError)
    expect(failure).toMatchObject({ missing, received: text })
  })

  it('refuse a content that should be JSON and is not, and say which', async () => {
    const failure = parser.parse('[THOUGHT]hm[/THOUGHT]<votes>Bob</votes>')
    await expect(failure).rejects.toThrow(JsonParsingError)
    await expect(failure).rejects.toThrow(/between <votes> and <\/votes>/)
  })

  it('need names of their own', () => {
    const tag = { name: 'a', contentHint: '' }
    for (const tags of [[], [tag, tag], [{ ...tag, name: '' }], [undefined as never], undefined as never]) {
      expect(() => new MultiTaggedContentParser({ tags })).toThrow(ConfigError)
    }
  })
})

describe('tags of the model’s choice', () => {
  it('become fields, JSON where it is JSON', async () => {
    const text = '<thought>I am\nsure</thought> and <age> 42 </age><say>"hi"</say><none>null</none>'
    const { parsed } = await new RegexTaggedContentParser().parse(text)
    expect(parsed).toEqual({ thought: 'I am\nsure', age: 42, say: 'hi', none: null })
    const words = await new RegexTaggedContentParser({ parseJson: false }).parse('<age>42</age>')
    expect(words.parsed).toEqual({ age: '42' })
  })

  it('keep tags inside a content as they are, and skip those that are never closed', async () => {
    const { parsed } = await new RegexTaggedContentParser().parse('<br><a><b>x</b> < y</a><c>')
    expect(parsed).toEqual({ a: '<b>x</b> < y' })
  })

  it('must be there, and so must the required ones', async () => {
    const needs = new RegexTaggedContentParser({ requiredKeys: ['speak', 'vote'] })
    expect(needs.formatInstruction).toContain('<speak>{the speak}</speak>\n<vote>{the vote}</vote>')
    await expect(needs.parse('Nothing.')).rejects.toThrow(TagNotFoundError)
    const failure = await needs.parse('<vote>1</vote>').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RequiredFieldNotFoundError)
    expect(failure).toMatchObject({ missing: ['speak'] })
  })

  it('may be found by a pattern of one’s own, with words of one’s own for the model', async () => {
    const pattern = /\[(?<name>\w+)\](?<content>.*?)\[end\]/s
    const own = new RegexTaggedContentParser({ pattern, formatInstruction: 'Use [name] ... [end].' })
    expect(own.formatInstruction).toBe('Use [name] ... [end].')
    for (const _ of ['first', 'again']) expect((await own.parse('[a]1[end][b]x[end]')).parsed).toEqual({ a: 1, b: 'x' })
    expect(() => new RegexTaggedContentParser({ pattern })).toThrow(ConfigError)
    expect(() => new RegexTaggedContentParser({ pattern: /x/, formatInstruction: '' })).toThrow(ConfigError)
  })

  it('cost no more than the answer is long, however many are never closed', async () => {
    const hostile = Array.from({ length: 50_000 }, (_, index) => `<a${index}><a>`).join('')
    await expect(new RegexTaggedContentParser().parse(hostile)).rejects.toThrow(TagNotFoundError)
  })
})
