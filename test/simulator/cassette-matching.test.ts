// Which exchange answers a request, and what is said when none does.
import { expect, test } from 'vitest'
import { NotRecordedError, record, replay } from '../../src/simulator/index.ts'
import { asked, key, weatherman } from './taping.ts'

const place = 'http://model.test/v1'

async function tapeOf(...bodies: object[]) {
  const simulated = weatherman(bodies.map((_, index) => ({ text: `answer ${index}` })))
  const tape = record(simulated.fetch)
  for (const body of bodies) await (await tape(asked(place, body))).text()
  return tape.cassette
}

const saying = (content: string, more: object = {}) => ({ model: 'm', messages: [{ role: 'user', content }], ...more })

test('requests are told apart by their bodies, and equal ones answer in their order', async () => {
  const fetch = replay(await tapeOf(saying('a'), saying('b'), saying('a')), { speed: 'max' })
  const answers: string[] = []
  for (const word of ['b', 'a', 'a']) answers.push(await (await fetch(asked(place, saying(word)))).text())
  expect(answers.map((each) => /answer \d/.exec(each)?.[0])).toEqual(['answer 1', 'answer 0', 'answer 2'])
})

test('the host and the key may be others', async () => {
  const fetch = replay(await tapeOf(saying('a')), { speed: 'max' })
  const request = asked('http://elsewhere.test:8080/v1', saying('a'))
  request.headers.set('authorization', 'Bearer another-key-0815')
  expect((await fetch(request)).status).toBe(200)
})

test('what was not recorded is told with what differs, and never with a key', async () => {
  const fetch = replay(await tapeOf(saying('Hello', { temperature: 1 })), { speed: 'max' })
  const error = await fetch(asked(place, saying(`Hullo ${key}`, { top_p: 0.5 }))).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(NotRecordedError)
  expect((error as NotRecordedError).differences).toEqual([
    'body.messages[0].content: recorded "Hello", asked "Hullo [redacted]"',
    'body.temperature: recorded 1, asked nothing',
    'body.top_p: recorded nothing, asked 0.5',
  ])
  expect(String(error)).toContain('POST /v1/chat/completions was not recorded. It differs from exchange 1')
})

test('another path and another method are differences too', async () => {
  const fetch = replay(await tapeOf(saying('a')), { speed: 'max' })
  const differences = await fetch('http://model.test/v1/models').catch((error: NotRecordedError) => error.differences)
  expect(differences).toEqual([
    'method: recorded "POST", asked "GET"',
    'path: recorded "/v1/chat/completions", asked "/v1/models"',
    expect.stringMatching(/^body: recorded an object, asked ""/),
  ])
})

test('what has been played is not played again, unless it is asked for', async () => {
  const cassette = await tapeOf(saying('a'))
  const once = replay(cassette, { speed: 'max' })
  await once(asked(place, saying('a')))
  await expect(once(asked(place, saying('a')))).rejects.toThrow('was recorded once and has been played as often')
  const again = replay(cassette, { speed: 'max', repeats: true })
  for (let times = 3; times > 0; times -= 1) expect((await again(asked(place, saying('a')))).status).toBe(200)
})

test("match: 'order' plays one after the other, whatever is asked", async () => {
  const fetch = replay(await tapeOf(saying('a'), saying('b')), { speed: 'max', match: 'order' })
  const texts = [await (await fetch(asked(place, saying('x')))).text(), await (await fetch(asked())).text()]
  expect(texts.map((each) => /answer \d/.exec(each)?.[0])).toEqual(['answer 0', 'answer 1'])
  await expect(fetch(asked())).rejects.toThrow(NotRecordedError)
})

test.each([
  [{ speed: 0 }, 'speed must be a number above 0'],
  [{ match: 'near' }, "match must be 'exact' or 'order'"],
])('a wrong option is told: %o', async (options, message) => {
  const cassette = await tapeOf(saying('a'))
  expect(() => replay(cassette, options as never)).toThrow(message)
})
