// The course in examples/: every lesson is short, and runs offline to its end against the improvising model.
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { improvise, type Simulator, simulator } from '../../src/simulator/index.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'examples')
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
const lessons = names.filter((name) => /^\d\d-/.test(name)).sort()
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8')

/** What must be seen of each lesson, in this order; the words between are the model's. */
const seen: Record<string, readonly (string | RegExp)[]> = {
  '01-hello.ts': [
    /^I am a simulated model.*\n---\ntext: {3}I am a simulated model/,
    'ending: stop',
    /tokens: \d+ in, \d+ out/,
    /second: \w+/,
  ],
  '02-two-agents.ts': [
    /^Ada: \w+/,
    /\d+ in · \d+ out/,
    /^Max: \w+/,
    /^Ada: \w+/,
    /^Max: \w+/,
    'Ada remembers 4 messages; the last word had Max.',
  ],
  '03-tools.ts': [
    'Friday → get_weather({"city":"Rome"})',
    'Friday → get_weather({"city":"Oslo"})',
    'Friday ← get_weather: Rome has 16 degrees and a clear sky.',
    'Friday ← get_weather: Oslo has 16 degrees and a clear sky.',
    'Friday: Here is what I found. Rome has 16 degrees',
    'Friday → forecast({"days":3})',
    'Friday ← forecast: day 1: sun, day 2: rain, day 3: sun.',
    'ended with "stop"',
  ],
  '04-mcp.ts': [
    'shop is connected, and offers stock, order.',
    'Friday ← stock: There are 3 bread in the shop.',
    'Friday ← order: Ordered 2 bread; 1 are left.',
    'Friday ← order: There are not enough pears. [failed]',
    'Friday remembers 10 messages.',
  ],
  '05-structured.ts': [
    'title is complete: {"title":"Rome"}',
    /cities\.0 is complete: .*"cities":\["Rome"/,
    'all is complete',
    '5 days: Rome, Florence, Venice in autumn',
    /Judge: .*"verdict":"good"/,
    /^good, because: \w+/,
  ],
  '06-werewolf.ts': [
    /^(Ann|Dan): \w+/,
    /\{"name":"\w+"\}/,
    /^\[\w+ did not see the morning\.\]$/,
    /^(Ann|Eve): \w+/,
    'was voted out and was a',
    /^The (villagers|werewolves) win\. Left: \w+/,
  ],
  '07-stop-and-steer.ts': [
    /^Counter: 1, 2, 3.*\[stopped\]$/,
    '[Stopped: that is enough. Complete: false]',
    '[with a signal that has fired: stopped]',
    'Librarian ← search: Found: Moby-Dick, Dracula.',
    'Librarian takes in what You said.',
    '[waiting: transfer{"euros":25}]',
    'Clerk ← transfer: Transferred 25 euros.',
    /---\nHere is what I found\. Transferred 25 euros\.$/,
  ],
  '08-own-front-end.ts': [/^Open http:\/\/127\.0\.0\.1:\d+\/$/, /^Friday: \w.* \(stop\)$/],
}

let simulated: Simulator
beforeAll(async () => {
  // At a pace, so that there is something left to stop.
  simulated = await simulator({ models: { '*': improvise }, pace: { everyMs: 1 } })
})
afterAll(() => simulated.close())

interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Runs a lesson as its reader does, with the simulator where OpenAI stands. */
function run(name: string): Promise<Ran> {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, OPENAI_API_KEY: 'simulated', OPENAI_BASE_URL: simulated.baseUrl('openai') }
  const given = ['--conditions=agentscope-source', join('examples', name), '--once']
  return new Promise((done) => {
    execFile(process.execPath, given, { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr })
    })
  })
}

describe('the course', () => {
  test('has eight lessons, one behind the other, and each says what its output is', () => {
    expect(lessons.map((name) => name.slice(0, 2))).toEqual(['01', '02', '03', '04', '05', '06', '07', '08'])
    expect(Object.keys(seen)).toEqual(lessons)
  })

  test('is checked by the compiler with everything else', () => {
    expect(JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).include).toContain('examples')
  })

  test('stands in its table of contents, lesson by lesson', () => {
    const contents = textOf('README.md')
    for (const name of lessons) expect(contents).toContain(`(${name})`)
  })
})

test.each(names)('%s is under sixty lines and says first what it is', (name) => {
  const lines = textOf(name).trimEnd().split('\n')
  expect(lines.length).toBeLessThan(60)
  expect(lines[0]).toMatch(name.startsWith('0') ? /^\/\/ Lesson \d: \w.*\.$/ : /^\/\/ \w.*\.$/)
})

test.each(names)('%s imports only what its reader can install', (name) => {
  const imported = [...textOf(name).matchAll(/from '([^']+)'/g)].map(([, from]) => from)
  for (const from of imported) expect(from).toMatch(/^(agentscope|zod|node:.*|@modelcontextprotocol\/sdk\/.*)$/)
})

test.each(lessons)('%s runs offline to its end without a warning', { timeout: 90_000 }, async (name) => {
  const { code, stdout, stderr } = await run(name)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  let rest = stdout.trimEnd()
  for (const each of seen[name] ?? []) {
    const found = typeof each === 'string' ? rest.indexOf(each) : (new RegExp(each.source, 'm').exec(rest)?.index ?? -1)
    expect(found, `${String(each)} in:\n${rest}`).toBeGreaterThanOrEqual(0)
    rest = rest.slice(found + 1)
  }
})
