// The question that makes a model go on where its answer broke off: from its own words, or asked to in words.
import { allowsPrefill, type PrefillAccent, prefillMarks } from '../dialects/prefill.ts'
import { PrefixSeam, type Seam, WordSeam } from './seam.ts'
import type { Question } from './structured-request.ts'

/** What of an answer had come when it broke off. */
export interface Broken {
  text: string
  /** The model had thought before: no server takes the beginning of such an answer. */
  thought: boolean
}

/** The next question. `again`: nothing of the answer had been said, so the same is asked once more. */
export interface GoingOn {
  way: 'prefix' | 'words' | 'again'
  question: Question
  seam: Seam | undefined
}

/** So much of what came is shown to the model as the place to go on from. */
const anchorLength = 60

export function goingOn(question: Question, accent: PrefillAccent, { text, thought }: Broken): GoingOn {
  const sent = text.trimEnd()
  const space = text.slice(sent.length)
  if (sent === '') return { way: 'again', question, seam: space === '' ? undefined : new PrefixSeam('', space) }
  const { prefill = 'none' } = accent
  if (prefill === 'none' || thought || !isFree(question)) return inWords(question, text)
  const { message, request } = prefillMarks[prefill]
  const last = { role: 'assistant', content: sent, ...message }
  return {
    way: 'prefix',
    question: { ...question, messages: [...question.messages, last], extras: { ...question.extras, ...request } },
    seam: new PrefixSeam(sent, space),
  }
}

/** A tool that must be called, or thinking, leaves no room for words of the assistant's own. */
function isFree({ extras, toolChoice }: Question): boolean {
  return allowsPrefill(extras) && (toolChoice === undefined || toolChoice === 'auto' || toolChoice === 'none')
}

function inWords(question: Question, text: string): GoingOn {
  const from = text.slice(-anchorLength)
  const anchor = from.length < text.length ? from.slice(from.search(/\s\S/) + 1) : from
  const request = [
    'Your answer above was cut off by a broken connection. Go on exactly where it stops:',
    `begin with its last words, which are ${JSON.stringify(anchor)}, then continue in the same words, language and form.`,
    'Do not start over, do not apologise, and say nothing about the interruption.',
  ].join(' ')
  const said = [
    { role: 'assistant', content: text.trimEnd() },
    { role: 'user', content: request },
  ]
  return {
    way: 'words',
    question: { ...question, messages: [...question.messages, ...said] },
    seam: new WordSeam(text),
  }
}
