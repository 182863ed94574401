// Helpers of the tests of runs: a scope that keeps its run in a directory of the test's own, and what is in its files.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { errorInfo, ProviderError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { EventWriter } from '../../src/core/writer.ts'
import { createScope } from '../../src/create-scope.ts'
import type { ScopeOptions } from '../../src/scope.options.ts'
import type { ModelInvocation, Scope } from '../../src/scope.ts'

export const speaker = { name: 'Friday', id: 'agent-1' }

/** A directory that is gone when the test is over. */
export function ownDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'agentscope-run-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function keptScope(options: ScopeOptions = {}): Scope {
  return createScope({ saveDir: ownDirectory(), project: 'novels', name: 'dune', ...options })
}

/** The text of one of the run's files; empty when there is none. */
export function fileOf({ runDirectory }: Scope, name: string): string {
  const path = join(runDirectory ?? '', name)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

export function chatOf(scope: Scope): Record<string, unknown>[] {
  return fileOf(scope, 'logging.chat')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Everything in the run's directory, names and contents. */
export function allOf({ runDirectory = '' }: Scope): string {
  const names = readdirSync(runDirectory, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files.map((path) => `${path}\n${readFileSync(path, 'utf8')}`).join('\n')
}

/** The events of one message, as `write` has them written. */
export function eventsOf(id: string, write: (writer: EventWriter) => void, name = speaker.name): StreamEvent[] {
  const writer = new EventWriter({ id, name })
  write(writer)
  writer.end({ reason: 'stop', complete: true })
  return writer.take()
}

export const failure = errorInfo(new ProviderError('the model fell over', { provider: 'openai' }))

export async function publish(scope: Scope, events: Iterable<StreamEvent>, who = speaker): Promise<void> {
  for (const event of events) await scope.publish(who, event)
}

export function invocation(changes: Partial<ModelInvocation> = {}): ModelInvocation {
  return {
    id: 'inv-1',
    speaker,
    replyId: 'reply-1',
    model: { modelType: 'openai_chat', configName: 'qwen', modelName: 'm', provider: 'openai' },
    startedAt: '2026-11-22T11:08:11.123Z',
    durationMs: 420,
    firstContentMs: 100,
    messages: [{ role: 'user', name: 'User', content: 'Hi' }],
    options: { temperature: 0 },
    ...changes,
  }
}
