// Writes what has changed in a run into the index.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isFields, textIn } from '../../core/kind.ts'
import { type Block, blocksOf, type Msg } from '../../core/message.ts'
import { settleFile } from '../../journal/database.ts'
import type { Span } from '../../journal/journal.ts'
import { factsOf } from '../protocol/span-columns.ts'
import { Blobs } from './blobs.ts'
import type { HeardRequest, PlacedMessage, RunFold, ToldError } from './run-fold.ts'

/** So much of a message is searched. */
const searchedLength = 200_000

/** `id`: of the question, or the place of the error in its journal. */
interface Told {
  run: string
  kind: 'question' | 'error'
  id: string
  at: number
  agent: string
  message?: string | undefined
}

export class StoreWriter {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #blobs: Blobs

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#blobs = new Blobs(database)
  }

  write(fold: RunFold): void {
    const { head, position, open } = fold
    const { messages, spans, requests, errors } = fold.take()
    for (const placed of messages) this.#message(head.id, placed)
    for (const { span, told } of spans.values()) this.#span(head.id, span, told)
    for (const heard of requests) this.#request(head.id, heard)
    for (const error of errors) this.#error(head.id, error)
    if (fold.isOver)
      this.#run('UPDATE studio_requests SET answered = ? WHERE run = ? AND answered IS NULL', '{}', head.id)
    if ([...spans.values()].some(({ told }) => told)) this.#countTold(fold)
    const words = [head.name, head.project, head.id, ...head.agents, head.lastLine ?? ''].join('\n').toLowerCase()
    this.#run(
      'INSERT OR REPLACE INTO studio_runs (id, head, status, last_at, position, open, words) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[head.id, JSON.stringify(head), head.status, head.lastAt, position, open.size, words],
    )
  }

  remove(run: string): void {
    this.#run('DELETE FROM studio_words WHERE rowid IN (SELECT key FROM studio_messages WHERE run = ?)', run)
    this.#run('DELETE FROM studio_words WHERE rowid IN (SELECT -key FROM studio_told WHERE run = ?)', run)
    for (const table of ['messages', 'told', 'spans', 'requests'])
      this.#run(`DELETE FROM studio_${table} WHERE run = ?`, run)
    this.#run('DELETE FROM studio_runs WHERE id = ?', run)
    this.#run('DELETE FROM studio_blob_runs WHERE run = ?', run)
    this.#run('DELETE FROM studio_blobs WHERE hash NOT IN (SELECT hash FROM studio_blob_runs)')
    settleFile(this.#database)
  }

  #message(run: string, { message, agent, position, at, ...about }: PlacedMessage): void {
    const { key } = this.#statement(
      `INSERT INTO studio_messages (run, id, position, at, agent, message) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, id) DO UPDATE SET at = excluded.at, agent = excluded.agent, message = excluded.message
       RETURNING key`,
    ).get(run, message.id, position, at, agent, JSON.stringify({ ...this.#light(run, message), ...about })) as {
      key: number
    }
    this.#run('DELETE FROM studio_words WHERE rowid = ?', key)
    this.#run('INSERT INTO studio_words (rowid, words) VALUES (?, ?)', key, wordsOf(message))
  }

  /** Without the bytes of what was said inline: those are blobs. */
  #light(run: string, message: Msg): Msg {
    if (typeof message.content === 'string') return message
    const light = (block: Block): Block => {
      if (block.type === 'tool_result' && Array.isArray(block.output))
        return { ...block, output: block.output.map(light) }
      if (!('url' in block) || !/^data:/i.test(block.url)) return block
      return { ...block, url: `/blob/${this.#blobs.keep(block.url, run)}` }
    }
    return { ...message, content: message.content.map(light) }
  }

  #span(run: string, span: Span, told: boolean): void {
    const { model, agent, tool, firstContentMs, inputTokens, outputTokens, cachedInputTokens, fault } = factsOf(span)
    this.#run(
      `INSERT OR REPLACE INTO studio_spans (run, trace, id, told, name, kind, start, finish, model, agent, tool, first,
        tokens_in, tokens_out, tokens_cached, failed, fault, span)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[run, span.traceId, span.spanId, told ? 1 : 0, span.name, span.kind, span.startMs, span.endMs ?? null],
      ...[model ?? null, agent ?? null, tool ?? null, firstContentMs ?? null],
      ...[inputTokens ?? null, outputTokens ?? null, cachedInputTokens ?? null],
      ...[span.status === 'error' ? 1 : 0, fault?.slice(0, searchedLength) ?? null, JSON.stringify(span)],
    )
  }

  #request(run: string, { request, at, agentId, answered }: HeardRequest): void {
    const given = answered === undefined ? null : JSON.stringify(answered)
    this.#run(
      'INSERT OR REPLACE INTO studio_requests (run, id, at, agent, request, answered) VALUES (?, ?, ?, ?, ?, ?)',
      ...[run, request.id, at, agentId, JSON.stringify(request), given],
    )
    this.#told({ run, kind: 'question', id: request.id, at, agent: textIn(request.name) ?? '' }, askedWords(request))
  }

  #error(run: string, { position, at, agent, text, message }: ToldError): void {
    this.#told({ run, kind: 'error', id: String(position), at, agent, message }, text)
  }

  /** What was told beside the messages, for the search. */
  #told({ run, kind, id, at, agent, message }: Told, words: string): void {
    const { key } = this.#statement(
      `INSERT INTO studio_told (run, kind, id, at, agent, message) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, kind, id) DO UPDATE SET at = excluded.at RETURNING key`,
    ).get(run, kind, id, at, agent, message ?? null) as { key: number }
    this.#run('DELETE FROM studio_words WHERE rowid = ?', -key)
    this.#run('INSERT INTO studio_words (rowid, words) VALUES (?, ?)', -key, words.slice(0, searchedLength))
  }

  /** A program that tells spans of its own tells its tokens there, not in its messages. */
  #countTold({ head }: RunFold): void {
    const sums = this.#statement(
      `SELECT total(tokens_in) AS sent, total(tokens_out) AS got, total(tokens_cached) AS cached
       FROM studio_spans WHERE run = ? AND told = 1 AND kind = 'model'`,
    ).get(head.id) as { sent: number; got: number; cached: number }
    head.tokensIn = Math.max(head.tokensIn, sums.sent)
    head.tokensOut = Math.max(head.tokensOut, sums.got)
    head.tokensCached = Math.max(head.tokensCached, sums.cached)
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#statement(sql).run(...values)
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** Everything in a message that a person would look for. */
function wordsOf(message: Msg): string {
  const said = blocksOf(message).map((block) => {
    if (block.type === 'text') return block.text
    if (block.type === 'thinking') return block.thinking
    if (block.type === 'tool_use') return `${block.name} ${block.rawInput}`
    if (block.type !== 'tool_result') return ''
    return typeof block.output === 'string' ? block.output : JSON.stringify(block.output)
  })
  const { error } = message.ending ?? {}
  return [...said, error?.message ?? '', error?.advice ?? ''].join('\n').trimEnd().slice(0, searchedLength)
}

/** What a person was asked; of an approval the call. A program may have written anything there. */
function askedWords({ text, approval }: HeardRequest['request']): string {
  const call = isFields(approval) ? [approval.tool, JSON.stringify(approval.input)] : []
  return [text, ...call]
    .map((each) => textIn(each) ?? '')
    .join('\n')
    .trim()
}
