// TemporaryMemory: each message once, in order.
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/core/error.ts'
import { Msg } from '../../src/core/message.ts'
import { TemporaryMemory } from '../../src/memory/index.ts'

const [one, two, three] = ['one', 'two', 'three'].map((text) => new Msg('User', text, 'user', { id: text }))

describe('TemporaryMemory', () => {
  it('keeps each id once, also within one call, and leaves out what is not there', () => {
    const memory = new TemporaryMemory()
    memory.add([one!, two!, one!, null, undefined])
    memory.add(one)
    memory.add(null)
    expect(memory.get()).toEqual([one, two])
    expect(memory.size).toBe(2)
  })

  it.each([
    [undefined, ['one', 'two', 'three']],
    [2, ['two', 'three']],
    [9, ['one', 'two', 'three']],
    [0, []],
  ])('gives the last %s messages', (recentN, ids) => {
    const memory = new TemporaryMemory()
    memory.add([one!, two!, three!])
    expect(memory.get(recentN).map(({ id }) => id)).toEqual(ids)
  })

  it('gives what a filter wants of the recent ones, and tells it where they stand among them', () => {
    const memory = new TemporaryMemory()
    memory.add([one!, two!, three!])
    const seen: [string, number][] = []
    const filter = ({ id }: Msg, index: number) => {
      seen.push([id, index])
      return id !== 'two'
    }
    expect(memory.get({ recentN: 2, filter })).toEqual([three])
    expect(seen).toEqual([
      ['two', 0],
      ['three', 1],
    ])
    expect(memory.get({ filter: ({ role }) => role === 'system' })).toEqual([])
  })

  it('knows which ids it holds', () => {
    const memory = new TemporaryMemory()
    memory.add([one!, two!])
    memory.delete('one')
    expect([memory.has('one'), memory.has('two')]).toEqual([false, true])
  })

  it('forgets by id and by position, and says how many that were', () => {
    const memory = new TemporaryMemory()
    memory.add([one!, two!, three!])
    expect(memory.delete(['one', 2, 'nobody', 7])).toBe(2)
    expect(memory.get()).toEqual([two])
    expect(memory.delete('two')).toBe(1)
    memory.add(three)
    memory.clear()
    expect(memory.size).toBe(0)
  })

  it.each([[-1], [1.5], [Number.NaN], [{ recentN: -1 }]])('refuses to give %j messages', (recentN) => {
    expect(() => new TemporaryMemory().get(recentN)).toThrow(InputError)
  })

  it.each([['hello'], [{ role: 'user', content: 'hello' }], [[one, 42]]])('refuses %j whole', (wrong) => {
    const memory = new TemporaryMemory()
    expect(() => memory.add(wrong as never)).toThrow(/Only messages can be remembered/)
    expect(memory.size).toBe(0)
  })

  it('gives a list that can be changed without changing the memory', () => {
    const memory = new TemporaryMemory()
    memory.add(one)
    memory.get().push(two!)
    expect(memory.size).toBe(1)
  })
})
