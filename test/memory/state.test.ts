// Memories that are saved and loaded: states, JSON text, files.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../src/core/error.ts'
import { exportTo, loadFrom, TemporaryMemory } from '../../src/memory/index.ts'
import { calls, idsOf, results, said } from './conversations.ts'

const conversation = [said('a', 'こんにちは'), calls('b', '1'), results('c', '1')]

function remembering(): TemporaryMemory {
  const memory = new TemporaryMemory()
  memory.add(conversation)
  return memory
}

describe('loading', () => {
  it.each([
    ['a list', remembering().get()],
    ['a state', remembering().toJSON()],
    ['the JSON text of a list', JSON.stringify(remembering().get())],
    ['the JSON text of a state', JSON.stringify(remembering())],
  ])('takes %s', (_, source) => {
    const memory = new TemporaryMemory()
    memory.load(source)
    expect(JSON.parse(JSON.stringify(memory.get()))).toEqual(JSON.parse(JSON.stringify(conversation)))
  })

  it('takes one message, adds what is new, and overwrites only when told to', () => {
    const memory = remembering()
    memory.load(said('d'))
    memory.load([said('a'), said('e')])
    expect(idsOf(memory.get())).toEqual(['a', 'b', 'c', 'd', 'e'])
    memory.load([said('f')], { overwrite: true })
    expect(idsOf(memory.get())).toEqual(['f'])
  })

  it.each([
    ['no JSON', 'not JSON'],
    ['no messages', 42],
    ['something else in the state', { messages: 'none' }],
    ['a message without an id', [said('x'), { role: 'user', name: 'u', content: 'hi' }]],
    ['a role that nobody has', [{ ...said('x'), role: 'robot' }]],
    ['a block that nobody knows', [{ ...said('x'), content: [{ type: 'smell' }] }]],
  ])('refuses %s and keeps what was there', (_, source) => {
    const memory = remembering()
    expect(() => memory.load(source as never, { overwrite: true })).toThrow(InputError)
    expect(memory.get()).toEqual(conversation)
  })

  it('exports copies that nothing later changes', () => {
    const memory = remembering()
    const exported = memory.export()
    expect(exported).toEqual(conversation.map((message) => ({ ...message })))
    exported[0]!.content = 'changed'
    expect(memory.get()[0]!.content).toBe('こんにちは')
  })
})

describe('files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'memory-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['a path', (path: string) => path],
    ['a URL', pathToFileURL],
  ])('keeps a memory by %s', async (name, place) => {
    const path = place(join(folder, `${name}.json`))
    await exportTo(remembering(), path)
    await exportTo(remembering(), path)
    const memory = new TemporaryMemory()
    memory.add(said('before'))
    await loadFrom(memory, path, { overwrite: true })
    expect(memory.get()).toEqual(conversation.map((message) => ({ ...message })))
    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveLength(3)
    expect((await readdir(folder)).filter((each) => each.endsWith('.part'))).toEqual([])
  })

  it('says which file cannot be read, written or understood', async () => {
    const memory = remembering()
    await expect(loadFrom(memory, join(folder, 'nowhere.json'))).rejects.toThrow(/nowhere\.json cannot be read/)
    await expect(exportTo(memory, join(folder, 'no', 'folder.json'))).rejects.toThrow(/folder\.json cannot be written/)
    await writeFile(join(folder, 'broken.json'), '[{')
    await expect(loadFrom(memory, join(folder, 'broken.json'))).rejects.toThrow(InputError)
    expect(memory.size).toBe(3)
  })
})
