// A run goes out as one file and comes in again as what it was.
import { describe, expect, test } from 'vitest'
import { begun, ended, roomWithApp, spoken } from './studio-app.ts'

const lines = { 'content-type': 'application/x-ndjson' }

async function exported() {
  const studio = await roomWithApp()
  await studio.log(
    'one',
    begun('one', 'travel'),
    ...spoken('m1', 'Hello, 世界', 2_000_000_000_000),
    ended(2_000_000_001_000),
  )
  const response = await studio.ask('/api/runs/one/export')
  return { studio, response, file: await response.text() }
}

describe('a run as a file', () => {
  test('has every record, in lines, under a name to save it by', async () => {
    const { studio, response, file } = await exported()
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="one.jsonl"')
    const rows = file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows[0]).toEqual({ agentscope: 'run', version: 1, run: 'one' })
    const raw = await studio.read('/api/runs/one/raw')
    expect(rows.slice(1)).toEqual(raw.map((entry: { record: unknown }) => entry.record))
    await studio.close()
  })

  test('comes in again elsewhere as it was, and beside a run of the same id under another', async () => {
    const { studio, file } = await exported()
    await using other = await roomWithApp()
    const { run, entries } = await other.read('/api/import', { method: 'POST', body: file, headers: lines })
    expect([run, entries]).toEqual(['one', 7])
    expect(await other.read('/api/runs/one')).toEqual(await studio.read('/api/runs/one'))
    const again = await other.read('/api/import', { method: 'POST', json: { text: file } })
    expect(again.run).toBe('one-2')
    expect(await other.read('/api/runs/one-2')).toMatchObject({ id: 'one-2', name: 'travel', status: 'done' })
    await studio.close()
  })

  test('that was not over is lost where it comes in, for no program is there to end it', async () => {
    const { studio, file } = await exported()
    await using other = await roomWithApp()
    const unfinished = file.trim().split('\n').slice(0, -1).join('\n')
    await other.read('/api/import', { method: 'POST', body: unfinished, headers: lines })
    expect(await other.read('/api/runs/one')).toMatchObject({ status: 'lost', lastAt: 2_000_000_000_000 })
    await studio.close()
  })

  test('that is broken leaves nothing behind', async () => {
    const { studio, file } = await exported()
    await using other = await roomWithApp()
    const deep = '['.repeat(5000) + ']'.repeat(5000)
    for (const body of [
      '',
      'nonsense',
      '{"a":1}\n',
      `${file}{"type":"event"}\n`,
      `${file}${deep}\n`,
      `${file}{"half`,
      file.replace('"run":"one"', '"run":".."'),
    ]) {
      expect((await other.ask('/api/import', { method: 'POST', body, headers: lines })).status).toBe(400)
    }
    expect(await other.journals.runs()).toEqual([])
    await studio.close()
  })
})

describe('the entries of a run', () => {
  test('are read in pages, strictly after an offset', async () => {
    const { studio } = await exported()
    const first = await studio.read('/api/runs/one/raw?limit=3')
    expect(first.length).toBe(3)
    const rest = await studio.read(`/api/runs/one/raw?after=${first[2].offset}`)
    expect(rest.length).toBe(4)
    expect(await studio.read(`/api/runs/one/raw?after=${rest[3].offset}`)).toEqual([])
    await studio.close()
  })
})

test('a run of every kind of record is the same, byte for byte, after it went out and came in', async () => {
  const speaker = { name: 'Planner', id: 'agent-1' }
  const at = 2_000_000_000_000
  const invocation = {
    ...{ id: 'i', speaker, startedAt: '2026-01-02T03:04:05.000Z', durationMs: 900.5, messages: [{ role: 'user' }] },
    ...{ options: { temperature: 0.5, nested: [null, true] } },
    model: { modelType: 'chat', configName: 'c', modelName: 'm', provider: 'p' },
  }
  const block = { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' } as const
  await using studio = await roomWithApp()
  await studio.log(
    'one',
    begun('one', 'travel'),
    ...spoken('m1', 'half \ud83d and whole 😀, "quoted"\n', at),
    { type: 'event', at, speaker, event: { type: 'block-start', id: 'm2', index: 0, block } },
    { type: 'event', at, speaker, event: { type: 'input-request', id: 'q', name: 'User', schema: { type: 'object' } } },
    { type: 'event', at, speaker, event: { type: 'input-answer', id: 'q', content: '', value: { age: 7 } } },
    { type: 'invocation', at, invocation },
    {
      type: 'span',
      at: at + 0.25,
      span: { ...{ traceId: 't', spanId: 's', name: 'n', kind: 'other' }, startMs: 0.125, attributes: { a: [1, 'b'] } },
    },
    ended(at),
  )
  const file = await (await studio.ask('/api/runs/one/export')).text()
  await using other = await roomWithApp()
  await other.read('/api/import', { method: 'POST', body: file, headers: lines })
  expect(await (await other.ask('/api/runs/one/export')).text()).toBe(file)
})
