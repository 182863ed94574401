// The writer of journal-child.ts.
import { AgentScopeError } from '../../src/core/error.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { remoteJournal } from '../../src/journal/remote.ts'
import { sqliteJournals } from '../../src/journal/sqlite.ts'

const [kind, target = ''] = process.argv.slice(2)

function open(): Journal {
  return kind === 'sqlite' ? sqliteJournals(target, { commitMs: 5 }).open('run') : remoteJournal(target, 'run')
}

try {
  const journal = open()
  for (let n = 1; ; n += 1) {
    const event = { type: 'text-delta', id: 'm', index: 0, delta: `${n} ` } as const
    await journal.append({ type: 'event', at: n, speaker: { name: 'Ada', id: 'a' }, event })
    process.send?.({ acknowledged: n })
  }
} catch (error) {
  const failure = error instanceof AgentScopeError ? `${error.message} ${error.advice}` : String(error)
  process.send?.({ failure }, () => process.exit(1))
}
