// What an improvising model says and thinks: short sentences about what it heard.
import type { Conversation } from './conversation.ts'
import { isChinese, pick, topicOf } from './language.ts'
import type { Result } from './turns.ts'

/** Sentences by what was said. `{topic}` and `{to}` (", Ann") are filled in. */
const sentences = {
  greeting: [
    'Hello{to}! What shall we talk about?',
    'Good to hear from you{to}. What is on your mind?',
    'Hi{to}! I am listening.',
  ],
  question: [
    'With {topic}{to}, I would begin at the simplest case and go on from there.',
    'As far as I can tell{to}, {topic}: that takes patience, and a close look.',
    '{topic}? Yes, with care{to}: try it small first, then see what it tells you.',
    'There are two sides to {topic}{to}, and the second is the one that is usually forgotten.',
  ],
  statement: [
    'I see what you mean about {topic}{to}. What made you think of it?',
    'I would give {topic} a second look{to}, and ask what changed, and when.',
    'You may be right about {topic}{to}, but I am not sure yet. What would prove us wrong?',
    'I agree on {topic}{to}, and I would add one thing: we have not heard everybody.',
  ],
  story: [
    'Once there was a small town that knew nothing of {topic}.',
    'Then a stranger came by night and spoke of it under the lamps.',
    'Nobody slept much, for everybody had a question.',
    'In the morning the baker drew {topic} on the wall of the bakery, as well as he could.',
    'The children said that it looked like a whale, and they were not altogether wrong.',
    'By noon there were two parties, and by evening there were three.',
    'An old clockmaker, who had said nothing all day, asked to see it for herself.',
    'She looked for a long time, and then she laughed until the windows rang.',
    '"It is only that we had never waited to the end," she said.',
    'So they waited, all of them, and listened word by word.',
    'When it was over, the town was still small, but {topic} belonged to it.',
    'And whoever passes there by night can hear them tell it again.',
  ],
  chinese: [
    '你好{to}！关于“{topic}”，我想先从最简单的情况说起，然后再一步一步往下看。',
    '说到“{topic}”，有两个方面值得注意{to}：第一是耐心，第二是仔细观察。',
    '我明白你的意思{to}。“{topic}”确实值得再想一想。',
  ],
}

const numberWords: Record<string, number> = { ten: 10, twelve: 12, twenty: 20, thirty: 30, fifty: 50, hundred: 100 }

/** The answer: what tools gave, or something about the last words. */
export function answerTo(conversation: Conversation, seed: number): string {
  const { asked, results, self } = conversation
  if (results.length > 0) return quoting(results)
  const count = /\bcount\b[^.\n]*?\bto (?:a |one )?(\d{1,3}|[a-z]+)/i.exec(asked)?.[1]?.toLowerCase()
  const most = count === undefined ? undefined : (numberWords[count] ?? Number(count))
  if (most !== undefined && most > 0) return counted(most)
  if (/\b(who are you|your name|are you (?:a |an )?(?:real|human|simulated|model))\b/i.test(asked)) {
    return `I am ${self === undefined ? '' : `${self}, `}a simulated model: without a key or a network, I make something of what I hear.`
  }
  return filled(said(asked, seed), conversation)
}

function said(asked: string, seed: number): string {
  if (isChinese(asked)) return pick(sentences.chinese, seed) ?? ''
  if (/\b(story|tale|poem|essay|at length|in detail)\b/i.test(asked)) return sentences.story.join(' ')
  if (/^\s*(hi|hello|hey|good (morning|evening|day))\b[^?]{0,24}$/i.test(asked)) {
    return pick(sentences.greeting, seed) ?? ''
  }
  return pick(asked.includes('?') ? sentences.question : sentences.statement, seed) ?? ''
}

function filled(sentence: string, { asked, all, self, speaker, names }: Conversation): string {
  const except = [...names, ...(self === undefined ? [] : [self])]
  const topic = (topicOf(asked, except, all) || topicOf(all, except) || 'this').slice(0, 60)
  const to = speaker === undefined || /^(user|you)$/i.test(speaker) ? '' : `, ${speaker}`
  const text = sentence.replaceAll('{topic}', topic).replaceAll('{to}', to)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function counted(most: number): string {
  return `${Array.from({ length: Math.min(most, 200) }, (_, at) => at + 1).join(', ')}.`
}

/** One tool's answers follow each other; several tools are told apart. */
function quoting(results: readonly Result[]): string {
  const names = new Set(results.map(({ name }) => name))
  const words = results.map(({ name, text }) => {
    const short = text.trim().length > 400 ? `${text.trim().slice(0, 400)}...` : text.trim()
    const whole = /[.!?…。！？]$/.test(short) ? short : `${short}.`
    return names.size > 1 && name !== '' ? `${name}: ${whole}` : whole
  })
  return `Here is what I found. ${words.join(' ')}`
}

/** What it thinks before it acts. */
export function thoughtOf({ asked, speaker, results }: Conversation, calls: readonly string[]): string {
  const who = speaker ?? 'Somebody'
  const what = topicOf(asked) || 'something'
  if (calls.length > 0) return `${who} asks about ${what}. ${calls.join(' and ')} can tell.`
  if (results.length > 0) return 'The results are there. I shall tell them as they are.'
  return `${who} speaks of ${what}. I shall keep it short.`
}
