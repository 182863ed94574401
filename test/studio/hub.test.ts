// The hub: every tab is told what it does not know yet, as fast as it takes it, by a clock of the test's own.
import { describe, expect, test } from 'vitest'
import { RunModel } from '../../src/studio/protocol/model.ts'
import { begin, delta, end, messageId, Room, Tab } from './hub-tab.ts'
import { foldedTexts, modelTexts, randomRun } from './logging.ts'

const textOf = (tab: Tab, id = messageId) => tab.model.parts.get(`${id}.0`)?.text

/** One message of `chunks` pieces of five characters, one every `everyMs`. */
async function streamed(chunks: number, everyMs: number): Promise<Tab> {
  await using room = new Room()
  const tab = new Tab(room, 'run_20261122-110811_k3j9x2')
  await room.log(tab.model.run, ...begin())
  tab.subscribe()
  await room.clock.pass(100)
  for (let at = 0; at < chunks; at += 1) {
    await room.log(tab.model.run, delta(`${at % 10}word`))
    await room.clock.pass(everyMs)
  }
  await room.log(tab.model.run, ...end())
  await room.clock.pass(100)
  expect(tab.model.parts.get(`${messageId}.0`)).toMatchObject({ closed: true })
  expect(textOf(tab)).toHaveLength(chunks * 5)
  return tab
}

describe('a tab', () => {
  test('is greeted, gets what was there and then what comes', async () => {
    await using room = new Room()
    await room.log('run', ...begin(), delta('before'))
    const tab = new Tab(room)
    tab.say({ id: 1, t: 'sub', run: 'run', seq: 0, have: {} })
    await room.clock.pass(50)
    expect([tab.frames[0], textOf(tab)]).toMatchObject([{ t: 'hi', proto: 1 }, 'before'])
    await room.log('run', delta(' and after'), ...end())
    await room.clock.pass(20)
    expect(textOf(tab)).toBe('before and after')
    expect(tab.ofType('ok')).toEqual([{ t: 'ok', id: 1 }])
    expect(tab.model.isPartial).toBe(false)
  })

  test('misses nothing that is said between its subscription and its snapshot', async () => {
    await using room = new Room()
    await room.log('run', ...begin(), delta('a'))
    const tab = new Tab(room)
    tab.subscribe()
    for (let ms = 0; ms < 20; ms += 1) {
      await room.log('run', delta('b'))
      await room.clock.pass(1)
    }
    await room.clock.pass(100)
    expect(textOf(tab)).toBe(`a${'b'.repeat(20)}`)
  })

  test('that comes back is told what it missed, and nothing twice', async () => {
    await using room = new Room()
    await room.log('run', ...begin(), delta('x'.repeat(50_000)))
    const first = new Tab(room)
    first.subscribe()
    await room.clock.pass(50)
    first.client.close()
    await room.log('run', delta('missed'), ...end())
    const second = new Tab(room, 'run', {}, first.model)
    second.subscribe()
    await room.clock.pass(50)
    expect(textOf(second)).toBe(`${'x'.repeat(50_000)}missed`)
    expect(second.bytes).toBeLessThan(2500)
  })

  test.each([1, 2, 3, 4, 5])('that breaks off again and again ends with what was said (seed %i)', async (seed) => {
    await using room = new Room()
    const model = new RunModel('run')
    const events = randomRun(seed, 12)
    let tab = new Tab(room, 'run', {}, model)
    for (const [at, event] of events.entries()) {
      if (at % 17 === seed) {
        tab.client.close()
        tab = new Tab(room, 'run', {}, model)
        tab.subscribe()
      }
      await room.log('run', event)
      await room.clock.pass(3)
    }
    await room.clock.pass(1000)
    expect(modelTexts(model)).toEqual(foldedTexts(events))
  })

  test('reads plain frames when it says so, as over SSE', async () => {
    await using room = new Room()
    const texts: string[] = []
    const connection = {
      send: (text: string) => void texts.push(text),
      bufferedAmount: () => 0,
      close: () => undefined,
    }
    const client = room.hub.connect(connection, { plain: true, oneWay: true })
    await room.log('run', ...begin(), delta('Hi'))
    client.receive('{"t":"sub","run":"run","seq":0,"have":{}}')
    await room.clock.pass(120_000)
    expect(texts.map((text) => (JSON.parse(text) as { t: string }).t).slice(0, 3)).toEqual(['hi', 'b', 'pong'])
  })
})

describe('what goes over the wire', () => {
  test('is at most 25 KB for 1,000 pieces of 5 characters at 50 a second, and 8 KB at 1,000 a second', async () => {
    const [slow, fast] = [await streamed(1000, 20), await streamed(1000, 1)]
    expect(slow.bytes).toBeLessThan(25_000)
    expect(fast.bytes).toBeLessThan(8_000)
  })

  test('grows with what is said, and not faster', async () => {
    const [once, twice] = [await streamed(1000, 20), await streamed(2000, 20)]
    expect(twice.bytes / once.bytes).toBeLessThanOrEqual(2.1)
  })

  test('comes every 16 ms at most, once a second when the tab is hidden, and at once when it is seen again', async () => {
    await using room = new Room()
    const tab = new Tab(room)
    await room.log('run', ...begin())
    tab.subscribe()
    await room.clock.pass(1000)
    const count = async (ms: number) => {
      const before = tab.ofType('b').length
      for (let at = 0; at < ms; at += 4) {
        await room.log('run', delta('a'))
        await room.clock.pass(4)
      }
      return tab.ofType('b').length - before
    }
    expect(await count(1600)).toBeLessThanOrEqual(101)
    tab.say({ t: 'vis', on: false })
    expect(await count(4000)).toBeLessThanOrEqual(5)
    tab.say({ t: 'vis', on: true })
    await room.clock.pass(16)
    expect(textOf(tab)).toHaveLength(1400)
  })

  test('becomes rarer when the tab does not take it, stops at 256 KB, and then comes merged', async () => {
    await using room = new Room()
    const tab = new Tab(room)
    await room.log('run', ...begin())
    tab.subscribe()
    await room.clock.pass(1000)
    tab.buffered = 70_000
    const before = tab.times.length
    for (let at = 0; at < 100; at += 1) {
      await room.log('run', delta('abc'))
      await room.clock.pass(10)
    }
    const gaps = tab.times.slice(before).map((time, at, all) => time - (all[at - 1] ?? time))
    expect(gaps.slice(1, 5)).toEqual([33, 100, 250, 250])
    tab.buffered = 300_000
    await room.clock.pass(300)
    const stopped = tab.frames.length
    for (let at = 0; at < 50; at += 1) await room.log('run', delta('x'.repeat(1000)))
    await room.clock.pass(5000)
    expect(tab.frames.length).toBe(stopped)
    tab.buffered = 0
    await room.clock.pass(300)
    expect(textOf(tab)).toHaveLength(300 + 50_000)
    expect(tab.frames.length - stopped).toBeLessThanOrEqual(2)
  })

  test('waits for a tab that acknowledges what it reads', async () => {
    await using room = new Room()
    const tab = new Tab(room)
    tab.say({ t: 'ack', n: 0 })
    await room.log('run', ...begin(), delta('x'.repeat(1_000_000)))
    tab.subscribe()
    await room.clock.pass(5000)
    expect(textOf(tab)?.length).toBeLessThan(350_000)
    for (let round = 0; round < 10; round += 1) {
      tab.say({ t: 'ack', n: tab.ofType('b').length })
      await room.clock.pass(300)
    }
    expect(textOf(tab)).toHaveLength(1_000_000)
  })
})

describe('lists', () => {
  test('begin with what there is, even nothing, and are told at most four times a second', async () => {
    await using room = new Room()
    const tab = new Tab(room, 'other')
    tab.say({ t: 'list', on: true })
    await room.clock.pass(300)
    expect(tab.ofType('l')).toEqual([{ t: 'l', runs: [] }])
    await room.log('run', ...begin())
    for (let at = 0; at < 100; at += 1) {
      await room.log('run', delta(`line ${at}\n`))
      await room.clock.pass(10)
    }
    await room.clock.pass(300)
    expect(tab.heads.get('run')).toMatchObject({ lastLine: 'line 99', agents: ['Friday'], status: 'running' })
    expect(tab.ofType('l').length).toBeLessThanOrEqual(7)
  })

  test('say which runs are gone', async () => {
    await using room = new Room()
    await room.log('run', ...begin())
    const tab = new Tab(room)
    tab.say({ t: 'list', on: true })
    await room.clock.pass(300)
    await room.hub.forget('run')
    await room.clock.pass(300)
    expect(tab.ofType('l').at(-1)).toEqual({ t: 'l', runs: [], gone: ['run'] })
  })
})

describe('memory', () => {
  test('a run that nobody watches is put away, and is there again from its journal', async () => {
    await using room = new Room()
    await room.log('run', ...begin(), delta('all of it'))
    const tab = new Tab(room)
    tab.subscribe()
    await room.clock.pass(200_000)
    expect([room.hub.held, tab.closed]).toEqual([0, true])
    const again = new Tab(room)
    again.subscribe()
    await room.clock.pass(100)
    expect([room.hub.held, textOf(again)]).toEqual([1, 'all of it'])
  })

  test('long texts leave it when there is a place for them', async () => {
    const spilled: string[] = []
    const spill = { write: (text: string) => spilled.push(text) - 1, read: (at: number) => spilled[at] as string }
    await using room = new Room({ spill })
    const text = Array.from({ length: 400_000 }, (_, at) => String(at)).join(' ')
    await room.log('run', ...begin(), delta(text), ...end())
    const tab = new Tab(room)
    tab.subscribe()
    await room.clock.pass(2000)
    expect(spilled.length).toBeGreaterThan(10)
    expect(textOf(tab) === text).toBe(true)
    expect(tab.model.parts.get(`${messageId}.0`)).toMatchObject({ closed: true })
  })
})

test('the file for long texts gives back what it was given, also half a character', async () => {
  await using room = new Room()
  const text = `\ud83d${'雨'.repeat(3_000_000)}`
  await room.log('run', ...begin(), delta(text), ...end())
  const tab = new Tab(room)
  tab.subscribe()
  await room.clock.pass(2000)
  expect(textOf(tab) === text).toBe(true)
  expect(tab.model.parts.get(`${messageId}.0`)).toMatchObject({ closed: true })
})

describe('older messages', () => {
  test('are read as operations', async () => {
    await using room = new Room()
    for (let at = 0; at < 60; at += 1)
      await room.log('run', ...begin(`m${at}`), delta(`text ${at}`, `m${at}`), ...end(`m${at}`))
    const tab = new Tab(room)
    tab.subscribe()
    await room.clock.pass(100)
    tab.model.addOlder(await room.hub.messagesBefore('run', tab.model.messages[0]?.head.place ?? 0))
    expect(tab.model.messages.map(({ parts }) => parts[0]?.text)).toEqual(
      Array.from({ length: 60 }, (_, at) => `text ${at}`),
    )
  })
})
