// Says in words, for screen readers, who begins and ends to speak and that an answer is wanted; never the tokens.
import type { Op } from '../../protocol/frames.ts'
import { language } from '../i18n/language.ts'
import { announce } from '../shell/announcer.tsx'
import type { OpenRun } from '../state/open-run.ts'
import { countWords, textOf } from '../state/transcript.ts'
import { words } from './run.words.ts'

export function tellNews(run: OpenRun): (ops: readonly Op[]) => void {
  const told = new Set<string>()
  return (ops) => {
    for (const op of ops) {
      if (op[0] === '?') announce(words().inputNeeded)
      if (op[0] !== 'm') continue
      const [, id, { status, role }] = op
      const key = `${id} ${status}`
      if (status === undefined || role !== 'assistant' || told.has(key)) continue
      told.add(key)
      announce(sentence(run, id, status))
    }
  }
}

function sentence(run: OpenRun, id: string, status: 'open' | 'done'): string {
  const message = run.model.message(id)
  const name = message?.head.agent ?? ''
  if (status === 'open' || message === undefined) return words().isWriting(name)
  return words().finished(name, countWords(textOf(message), language.value))
}
