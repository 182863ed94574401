// What lists, pages, search and charts get to read of runs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sqliteJournals } from '../../../src/journal/sqlite.ts'
import { openRoom } from '../../../src/studio/server/room.ts'
import { searchOf } from '../../../src/studio/server/store-search.ts'
import { answered, asked, begun, ended, roomWithApp, spoken } from './studio-app.ts'

describe('runs', () => {
  test('are listed with what is known of them, the one that spoke last first', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one', 'first'), ...spoken('m1', 'Hello\nWest Lake at dawn', 2_000_000_000_000))
    await studio.log('two', begun('two', 'second'), ...spoken('m2', 'Bye', 2_000_000_001_000), ended(2_000_000_002_000))
    const { runs, total } = await studio.read('/api/runs')
    expect(total).toBe(2)
    expect(runs).toMatchObject([
      { id: 'two', name: 'second', status: 'done', lastLine: 'Bye' },
      { id: 'one', status: 'running', agents: ['Planner'], tokensIn: 10, tokensOut: 4, lastLine: 'West Lake at dawn' },
    ])
  })

  test('are filtered by status and words, and paged', async () => {
    await using studio = await roomWithApp()
    for (const [index, name] of ['alpha', 'beta', 'gamma'].entries()) {
      await studio.log(name, begun(name, name), ...spoken('m', name, 2_000_000_000_000 + index))
    }
    await studio.log('beta', ended(2_000_000_000_001))
    const ids = async (query: string) =>
      (await studio.read(`/api/runs?${query}`)).runs.map((run: { id: string }) => run.id)
    expect(await ids('status=done')).toEqual(['beta'])
    expect(await ids('status=done,running&limit=2')).toEqual(['gamma', 'beta'])
    expect(await ids('q=AMM')).toEqual(['gamma'])
    expect(await ids('before=2000000000002')).toEqual(['beta', 'alpha'])
  })

  test('wait while a question is open', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one'), asked('q1', 'Which hotel?', 2_000_000_000_000))
    expect(await studio.read('/api/runs/one')).toMatchObject({ status: 'waiting', waiting: 1 })
    await studio.log('one', answered('q1', 'The blue one', 2_000_000_000_500))
    expect(await studio.read('/api/runs/one')).toMatchObject({ status: 'running', waiting: 0 })
  })

  test('are deleted with everything that was known of them', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one'), ...spoken('m1', 'A very particular word', 2_000_000_000_000))
    await studio.read('/api/runs', { method: 'DELETE', json: { ids: ['one'] } })
    expect((await studio.ask('/api/runs/one')).status).toBe(404)
    expect((await studio.read('/api/search?q=particular')).messages).toEqual([])
    expect(await studio.journals.runs()).toEqual([])
  })
})

describe('messages', () => {
  test('come in order, in pages from the end, with who said them and when', async () => {
    await using studio = await roomWithApp()
    const said = [1, 2, 3, 4, 5].flatMap((count) => spoken(`m${count}`, `word ${count}`, 2_000_000_000_000 + count))
    await studio.log('one', begun('one'), ...said)
    const last = await studio.read('/api/runs/one/messages?limit=2')
    expect(last).toMatchObject({
      more: true,
      messages: [
        { id: 'm4', place: 3 },
        { id: 'm5', agent: 'Planner' },
      ],
    })
    const before = await studio.read('/api/runs/one/messages?limit=2&before=3')
    expect(before.messages.map((each: { id: string }) => each.id)).toEqual(['m2', 'm3'])
    expect(before.ops.length).toBeGreaterThan(0)
    expect((await studio.read('/api/runs/one/messages?before=1')).more).toBe(false)
  })

  test('that are still being said come with what there is', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one'), ...spoken('m1', 'half a sen', 2_000_000_000_000).slice(0, 3))
    const { messages } = await studio.read('/api/runs/one/messages')
    expect(messages).toMatchObject([{ id: 'm1', open: true, content: [{ type: 'text', text: 'half a sen' }] }])
  })

  test('hold no bytes of media: those are blobs, served so that nothing in them runs', async () => {
    await using studio = await roomWithApp()
    const [start, , , , end] = spoken('m1', '', 2_000_000_000_000)
    const url = `data:image/svg+xml;base64,${Buffer.from('<svg onload="x"/>').toString('base64')}`
    const block = { type: 'event', at: 1, speaker: { name: 'P', id: 'p' } } as const
    await studio.log(
      'one',
      begun('one'),
      start!,
      {
        ...block,
        event: { type: 'block-start', id: 'm1', index: 0, block: { type: 'image', url } },
      },
      { ...block, event: { type: 'block-end', id: 'm1', index: 0 } },
      end!,
    )
    const { messages } = await studio.read('/api/runs/one/messages')
    expect(messages[0].content[0].url).toMatch(/^\/blob\/[0-9a-f]{64}$/)
    const blob = await studio.ask(messages[0].content[0].url)
    expect(await blob.text()).toContain('onload')
    expect(blob.headers.get('content-type')).toBe('application/octet-stream')
    expect(blob.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  })
})

describe('search', () => {
  test('finds words in messages, also two Chinese ones, and runs by name', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one', 'travel'), ...spoken('m1', '明天去西湖看日出', 2_000_000_000_000))
    await studio.log('one', ...spoken('m2', 'Say "hello" to 100% of them', 2_000_000_000_001))
    const found = async (q: string) => {
      const { messages } = await studio.read(`/api/search?q=${encodeURIComponent(q)}`)
      return messages.map((each: { messageId: string }) => each.messageId)
    }
    expect(await found('西湖')).toEqual(['m1'])
    expect(await found('西湖看')).toEqual(['m1'])
    expect(await found('"HELLO"')).toEqual(['m2'])
    expect(await found('0%')).toEqual(['m2'])
    expect(await found('%%')).toEqual([])
    expect((await studio.read('/api/search?q=trav')).runs).toMatchObject([{ id: 'one' }])
  })

  test('finds what went wrong, in messages, beside them and in spans, and what people were asked', async () => {
    await using studio = await roomWithApp()
    const at = 2_000_000_000_000
    const speaker = { name: 'Planner', id: 'agent-1' }
    const error = { type: 'provider', message: 'The overloaded server said 529', retryable: true } as const
    const ending = { reason: 'error', complete: false, error } as const
    const call = { tool: 'bash', callId: 'c', input: { command: 'rm -r ./overloaded' } }
    const span = { traceId: 't', spanId: 's', name: 'chat', kind: 'model', startMs: 1, endMs: 2 } as const
    const events = [
      { type: 'message-start', id: 'm1', role: 'assistant', name: 'Planner' },
      { type: 'message-end', id: 'm1', ending },
      { type: 'error', id: 'm1', error },
      { type: 'error', error: { ...error, advice: '稍后再试' } },
      { type: 'input-request', id: 'q2', name: 'User', approval: call },
    ] as const
    await studio.log(
      'one',
      begun('one', 'travel'),
      asked('q1', 'Is it overloaded?', at),
      ...events.map((event, nth) => ({ type: 'event', at: at + 1 + nth, speaker, event }) as const),
      { type: 'span', at, span: { ...span, status: 'error', attributes: { 'exception.message': 'overloaded again' } } },
    )
    const { messages, told, spans } = await studio.read('/api/search?q=OVERLOADED')
    expect(messages).toMatchObject([{ messageId: 'm1' }])
    const kinds = told.map(({ kind, messageId }: { kind: string; messageId?: string }) => [kind, messageId])
    expect(kinds).toEqual([
      ['question', undefined],
      ['error', undefined],
      ['error', 'm1'],
      ['question', undefined],
    ])
    expect(spans).toMatchObject([{ spanId: 's', failed: true, fault: 'overloaded again' }])
    expect((await studio.read(`/api/search?q=${encodeURIComponent('再试')}`)).told).toMatchObject([
      {
        kind: 'error',
        runId: 'one',
        run: 'travel',
        agent: 'Planner',
        excerpt: 'The overloaded server said 529 稍后再试',
      },
    ])
    await studio.read('/api/runs', { method: 'DELETE', json: { ids: ['one'] } })
    expect(await studio.read('/api/search?q=overloaded')).toEqual({ runs: [], messages: [], told: [], spans: [] })
  })

  test('finds it in data that an earlier version has written: the index is made anew, settings stay', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentscope-search-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'studio.sqlite')
    const room = () => openRoom(sqliteJournals(file), file, () => ({ hosts: new Set() }))
    const first = await room()
    const records = [begun('one'), asked('q', 'Which hotel?', 1000), ended(2000)]
    await first.parts.store.reached('one', await first.journals.open('one').append(records))
    first.parts.settings.change({ retentionDays: 7 })
    await first.close()
    const index = new DatabaseSync(`${file}.index`)
    index.exec(`DROP TABLE studio_told; ALTER TABLE studio_spans DROP COLUMN fault;
      DELETE FROM studio_words; UPDATE studio_settings SET value = '1' WHERE name = 'edition'`)
    index.close()
    const second = await room()
    const found = () => searchOf(second.parts.store, 'hotel', 10).told
    await expect.poll(found).toMatchObject([{ kind: 'question', excerpt: 'Which hotel?' }])
    expect(second.parts.settings.read()).toMatchObject({ retentionDays: 7 })
    await second.close()
  })
})

describe('the inbox', () => {
  test('has what waits, and what was answered lately and by whom', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one'), asked('q1', 'Which?', 1000), asked('q2', 'When?', 2000))
    await studio.log('one', answered('q1', 'This', 3000))
    expect(studio.answers.answer('one', 'q2', 'key', { content: 'Now' }, 'tab 1')).toBe('ok')
    const { requests } = await studio.read('/api/inbox')
    expect(requests).toMatchObject([
      { runId: 'one', request: { id: 'q2', text: 'When?' }, answered: { by: 'tab 1' } },
      { request: { id: 'q1' }, answered: { content: 'This' } },
    ])
  })
})
