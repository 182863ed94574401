// Runs that say hostile things wherever a program can say anything: names, texts, calls, results, errors, spans, questions.
import type { StreamEvent } from '../../src/core/event.ts'
import type { JournalRecord, Journals } from '../../src/journal/journal.ts'

/** Writes one run whose every field is one of these texts. Resolves when it is kept. */
export async function hostileRun(journals: Journals, id: string, texts: readonly string[]): Promise<void> {
  const at = Date.now()
  const [first = ''] = texts
  const begun = { id, project: first, name: first, startedAt: new Date(at).toISOString(), status: 'waiting' } as const
  const records = texts.flatMap((text, index) => [
    ...said(text, `${id}-${index}`).map((event) => record(text, event)),
    span(text, `${id}-${index}`),
    invocation(text, `${id}-${index}`),
  ])
  const asked = texts.slice(0, 6).flatMap((text, index) => questions(text, `${id}-${index}`))
  const run: JournalRecord = { type: 'run', at, run: { ...begun, program: first } }
  await journals.open(id).append([run, ...records, ...asked.map((event) => record(first, event))])
}

function record(name: string, event: StreamEvent): JournalRecord {
  return { type: 'event', at: Date.now(), speaker: { name, id: `agent-${name.slice(0, 40)}` }, event }
}

/** A message with each kind of block, its tool's result, and an end with an error. */
function said(text: string, id: string): StreamEvent[] {
  const error = {
    type: 'provider',
    message: text,
    advice: text,
    provider: text,
    requestId: text,
    retryable: true,
  } as const
  const call = { type: 'tool_use', id: `call-${id}`, name: text, rawInput: '' } as const
  const result = { type: 'tool_result', id: `call-${id}`, name: text, output: '' } as const
  return [
    { type: 'message-start', id, role: 'assistant', name: text },
    { type: 'block-start', id, index: 0, block: { type: 'thinking', thinking: '' } },
    { type: 'thinking-delta', id, index: 0, delta: text },
    { type: 'block-end', id, index: 0 },
    { type: 'block-start', id, index: 1, block: { type: 'text', text: '' } },
    { type: 'text-delta', id, index: 1, delta: text },
    { type: 'block-end', id, index: 1 },
    { type: 'block-start', id, index: 2, block: call },
    { type: 'tool-use-delta', id, index: 2, delta: JSON.stringify({ [text]: text, command: text, path: [text] }) },
    { type: 'block-end', id, index: 2 },
    { type: 'notice', id, kind: 'retry', text, details: { [text]: text } },
    { type: 'message-end', id, ending: { reason: 'error', complete: false, error } },
    { type: 'message-start', id: `${id}-result`, role: 'system', name: text },
    { type: 'block-start', id: `${id}-result`, index: 0, block: result },
    { type: 'tool-result-delta', id: `${id}-result`, index: 0, delta: text },
    { type: 'block-end', id: `${id}-result`, index: 0, isError: true },
    { type: 'message-end', id: `${id}-result`, ending: { reason: 'stop', complete: true } },
  ]
}

function questions(text: string, id: string): StreamEvent[] {
  const field = { type: 'string', title: text, description: text, enum: [text, 'other'] }
  const schema = { type: 'object', properties: { [text]: field, free: { type: 'string', title: text } } }
  const approval = { tool: text, callId: text, input: { command: text, [text]: text } }
  return [
    { type: 'input-request', id: `words-${id}`, name: text, text },
    { type: 'input-request', id: `form-${id}`, name: text, text, schema },
    { type: 'input-request', id: `call-${id}`, name: text, text, approval },
  ]
}

function span(text: string, id: string): JournalRecord {
  const startMs = Date.now() - 1000
  const attributes = { [text]: text, 'gen_ai.request.model': text, 'gen_ai.tool.name': text, 'error.type': text }
  const events = [{ name: text, atMs: startMs + 5, attributes: { [text]: text } }]
  const ids = { traceId: id.padEnd(32, '0'), spanId: id.padEnd(16, '0') }
  const times = { startMs, endMs: startMs + 900, status: 'error' } as const
  return { type: 'span', at: startMs, span: { ...ids, name: text, kind: 'model', ...times, attributes, events } }
}

function invocation(text: string, id: string): JournalRecord {
  return {
    type: 'invocation',
    at: Date.now(),
    invocation: {
      id: `asked-${id}`,
      speaker: { name: text, id: `agent-${text.slice(0, 40)}` },
      model: { modelType: text, configName: text, modelName: text, provider: text },
      startedAt: new Date().toISOString(),
      durationMs: 900,
      messages: [{ role: 'user', content: text }],
      options: { [text]: text },
    },
  }
}
