// What a tab asks of the hub: every frame is answered, and nothing that comes in is thrown.
import { expect, test } from 'vitest'
import type { ServerFrame } from '../../src/studio/protocol/frames.ts'
import { begin, Room, Tab } from './hub-tab.ts'

const last = (tab: Tab): ServerFrame | undefined => tab.frames.at(-1)

test('commands go to whoever knows the programs, with the run that they are for', async () => {
  await using room = new Room()
  const tab = new Tab(room)
  tab.say({ id: 1, t: 'stop', run: 'run' })
  tab.say({ id: 2, t: 'steer', run: 'run', agent: 'f', text: 'shorter', when: 'now' })
  tab.say({ id: 3, t: 'answer', run: 'run', req: 'q', key: 'k', value: { content: 'A' } })
  await room.clock.pass(1)
  expect(room.commands).toEqual([
    ['stop', 'run', undefined],
    ['steer', 'run', 'f', 'shorter', 'now'],
    ['answer', 'run', 'q', 'k', { content: 'A' }, 'tab 1'],
  ])
  expect(tab.ofType('ok').map(({ id }) => id)).toEqual([1, 2, 3])
})

test('what cannot be done is said, also when it fails', async () => {
  await using room = new Room()
  const tab = new Tab(room)
  room.verdict = 'answered'
  tab.say({ id: 1, t: 'answer', run: 'run', req: 'q', key: 'k', value: {} })
  await room.clock.pass(1)
  expect(last(tab)).toEqual({ t: 'no', id: 1, code: 'answered' })
  room.verdict = Promise.reject(new Error('no secret of mine'))
  tab.say({ id: 2, t: 'stop', run: 'run' })
  await room.clock.pass(1)
  expect(last(tab)).toEqual({ t: 'no', id: 2, code: 'failed', text: 'Studio could not do it.' })
})

test('an answer under a field that does not exist is refused, and answers nothing', async () => {
  await using room = new Room()
  const tab = new Tab(room)
  tab.say(JSON.stringify({ id: 1, t: 'answer', run: 'run', req: 'q', key: 'k', value: { text: 'A' } }))
  await room.clock.pass(1)
  expect(last(tab)).toMatchObject({ t: 'no', id: 1, code: 'bad-frame' })
})

const question = { type: 'input-request', id: 'q', name: 'You', text: 'Which?' } as const
const answer = { t: 'answer', run: 'run', req: 'q', key: 'k', value: { content: 'A' } } as const

/** Two tabs and a list that show a question, of which the first has a name. */
async function askedIn(room: Room) {
  await room.log('run', question)
  const [one, two, list] = [new Tab(room, 'run', { name: 'desk' }), new Tab(room), new Tab(room, 'none')]
  one.subscribe()
  two.subscribe()
  list.say({ t: 'list', on: true })
  await room.clock.pass(300)
  return { one, two, list }
}

test('every tab sees at once who answered, before the program tells of it', async () => {
  await using room = new Room()
  const { one, two, list } = await askedIn(room)
  expect(list.heads.get('run')).toMatchObject({ status: 'waiting', waiting: 1 })
  one.say({ id: 1, ...answer })
  await room.clock.pass(300)
  for (const tab of [one, two]) {
    expect(tab.model.requests.get('q')).toMatchObject({ agent: 'Friday', answered: { by: 'desk', content: 'A' } })
  }
  expect(list.heads.get('run')).toMatchObject({ status: 'running', waiting: 0 })
  const told = two.frames.length
  await room.log('run', { type: 'input-answer', id: 'q', content: 'A' })
  await room.clock.pass(300)
  expect(two.model.requests.get('q')).toMatchObject({ answered: { by: 'desk', content: 'A' } })
  expect(two.frames.length).toBeGreaterThan(told)
})

test('a tab that was away while somebody answered hears of it when it is back', async () => {
  await using room = new Room()
  const { one, two } = await askedIn(room)
  two.client.close()
  one.say(answer)
  await room.clock.pass(50)
  const back = new Tab(room, 'run', {}, two.model)
  back.subscribe()
  await room.clock.pass(50)
  expect(back.model.requests.get('q')).toMatchObject({ answered: { by: 'desk' } })
})

test('an answer that the program took from elsewhere has the last word', async () => {
  await using room = new Room()
  const { one, two } = await askedIn(room)
  one.say(answer)
  await room.log('run', { type: 'input-answer', id: 'q', content: 'typed in the terminal' })
  await room.clock.pass(50)
  expect(two.model.requests.get('q')).toMatchObject({
    answered: { by: 'elsewhere', content: 'typed in the terminal' },
  })
})

test.each([
  ['no JSON', '{', 0],
  ['a list', '[]', 0],
  ['null', 'null', 0],
  ['no kind', '{"id":4}', 4],
  ['a kind of the prototype', '{"id":4,"t":"toString"}', 4],
  ['an id that is none', '{"id":-4,"t":"ping"}', 0],
  ['a negative place', '{"id":4,"t":"sub","run":"r","seq":-1,"have":{}}', 4],
  ['a length that is none', '{"id":4,"t":"sub","run":"r","seq":0,"have":{"p":1.5}}', 4],
  ['a run that is none', '{"id":4,"t":"stop","run":{}}', 4],
  ['an empty answer', '{"id":4,"t":"answer","run":"r","req":"q","key":"k"}', 4],
  ['a depth of 1,000', `${'['.repeat(1000)}${']'.repeat(1000)}`, 0],
])('a bad frame is answered: %s', async (_, text, id) => {
  await using room = new Room()
  const tab = new Tab(room)
  tab.say(text)
  await room.clock.pass(1)
  expect(last(tab)).toMatchObject({ t: 'no', id })
  expect(room.commands).toEqual([])
})

test('a ping is answered, a silent tab is closed, and a quiet hub says a word now and then', async () => {
  await using room = new Room()
  const tab = new Tab(room)
  tab.say({ t: 'ping' })
  await room.clock.pass(1)
  expect(last(tab)).toEqual({ t: 'pong' })
  await room.clock.pass(40_000)
  expect([tab.ofType('pong').length, tab.closed]).toEqual([3, false])
  await room.clock.pass(20_000)
  expect(tab.closed).toBe(true)
})

test('a tab whose socket throws is closed, and the others go on', async () => {
  await using room = new Room()
  const close = () => undefined
  let isBroken = false
  const send = () => {
    if (isBroken) throw new Error('gone')
  }
  room.hub.connect({ send, close, bufferedAmount: () => 0 }).receive('{"t":"sub","run":"run","seq":0,"have":{}}')
  const tab = new Tab(room)
  tab.subscribe()
  isBroken = true
  await room.log('run', ...begin())
  await room.clock.pass(50)
  expect(tab.model.messages).toHaveLength(1)
})
