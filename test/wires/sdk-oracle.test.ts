// The vendors' own SDKs as oracles: the same bytes over the same loopback HTTP, and the same answer, or it is said why.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Reading, type SdkWire, sdkReaders } from '../suites/sdk-readers.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'
import { explained } from './sdk-oracle.explained.ts'
import { madeReplies } from './sdk-oracle.made.ts'

const corpus = join(import.meta.dirname, '../../../shared/corpus')
const fixtures = join(import.meta.dirname, '../fixtures')
/** Which of our wrappers, and which SDK, reads a folder of replies. */
const readersOf: Record<string, { wire: Wire; sdk: SdkWire }> = {
  openai: { wire: 'openai', sdk: 'openai' },
  'dashscope-compat': { wire: 'openai', sdk: 'openai' },
  zhipu: { wire: 'zhipuai', sdk: 'openai' },
  litellm: { wire: 'litellm', sdk: 'openai' },
  anthropic: { wire: 'anthropic', sdk: 'anthropic' },
  gemini: { wire: 'gemini', sdk: 'gemini' },
  ollama: { wire: 'ollama', sdk: 'ollama' },
}

interface Case {
  name: string
  folder: string
  reply(): Reply
}

const contentTypes: Record<string, string> = { sse: 'text/event-stream', ndjson: 'application/x-ndjson' }

/** The replies in these folders; a recorded one says with which status and content type it came. */
function casesIn(place: string, prefix: string): Case[] {
  if (!existsSync(place)) return []
  const folders = Object.keys(readersOf).filter((folder) => existsSync(join(place, folder)))
  return folders.flatMap((folder) =>
    readdirSync(join(place, folder))
      .filter((file) => /\.(sse|ndjson)$/.test(file))
      .map((file) => ({
        name: `${prefix}${folder}/${file.replace(/\.\w+$/, '')}`,
        folder,
        reply: replyOf(join(place, folder, file)),
      })),
  )
}

const replyOf = (file: string) => (): Reply => {
  const expectation = file.replace(/\.\w+$/, '.expect.json')
  const contentType = contentTypes[file.split('.').at(-1) as string] as string
  const recorded = existsSync(expectation) ? JSON.parse(readFileSync(expectation, 'utf8')).http : {}
  return { contentType, ...recorded, body: readFileSync(file) }
}

async function readBoth({ folder, reply }: Case): Promise<{ ours: Reading; theirs: Reading }> {
  const { wire, sdk } = readersOf[folder]!
  await using server = await wireServer(reply())
  const theirs = await sdkReaders[sdk](server.url)
  const ours = await readOurs(wire, server.url)
  return { theirs, ours: likewise(ours, theirs) }
}

async function readOurs(wire: Wire, baseUrl: string): Promise<Reading> {
  const model = wrapperFor(wire, { baseUrl })
  const response = await model.call([{ role: 'user', content: 'Hi' }]).catch(() => undefined)
  if (response === undefined) return { text: '', thinking: '', toolCalls: [], failed: true }
  await response.getText().catch(() => {})
  const { text, thinking, toolCalls, usage, ending } = response
  const { inputTokens: input, outputTokens: output } = usage ?? {}
  return {
    text: text ?? '',
    thinking: thinking ?? '',
    toolCalls: toolCalls.map(({ id, name, input }) => ({ id, name, input })),
    ...(input !== undefined && output !== undefined && { usage: { input, output } }),
    ...(ending?.raw !== undefined && { finish: ending.raw }),
    failed: ending?.complete !== true,
  }
}

/** Without what the SDK does not tell: reasoning, and ids that the wire does not have. */
function likewise({ thinking, ...ours }: Reading, theirs: Reading): Reading {
  const toolCalls = ours.toolCalls.map((call, at) => {
    const { id: _, ...anonymous } = call
    return theirs.toolCalls[at] !== undefined && theirs.toolCalls[at].id === undefined ? anonymous : call
  })
  return { ...ours, toolCalls, ...(theirs.thinking !== undefined && { thinking: thinking ?? '' }) }
}

function compare(cases: readonly Case[]): void {
  test.each(cases)('$name', async (each) => {
    const { ours, theirs } = await readBoth(each)
    const difference = explained[each.name]
    if (difference === undefined) return expect(ours).toEqual(theirs)
    expect(ours, 'the explanation is stale: there is no difference').not.toEqual(theirs)
    expect(ours, difference.why).toEqual(difference.ours(theirs))
  })
}

const written = Object.entries(madeReplies).flatMap(([folder, replies]) =>
  Object.entries(replies).map(([name, body]) => ({
    name: `made/${folder}/${name}`,
    folder,
    reply: () => ({ contentType: contentTypes[folder === 'ollama' ? 'ndjson' : 'sse'] as string, body }),
  })),
)
const made: Case[] = [...casesIn(fixtures, 'made/'), ...written]
const recorded = casesIn(corpus, '')

describe('our own replies are read as the vendor reads them', () => compare(made))

describe.skipIf(recorded.length === 0)(
  'recorded replies are read as the vendor reads them (skipped when ../shared/corpus is not beside the checkout)',
  () => compare(recorded),
)

test('every explanation belongs to a reply that is there', () => {
  const present = new Set([...made, ...recorded].map(({ name }) => name))
  const missing = Object.keys(explained).filter((name) => !present.has(name))
  expect(missing.filter((name) => recorded.length > 0 || name.startsWith('made/'))).toEqual([])
})
