// A conversation as it arrived on any of the seven wires, read the same way for all.
import { isFields } from '../../core/kind.ts'
import { historyHeader, type Result, type Said, type Turn, textsIn, turnsIn, unfolded } from './turns.ts'
import { withoutInstruction } from './wanted.ts'

export interface Conversation {
  system: string
  /** The name that the system prompt gives the model. */
  self: string | undefined
  /** The last words that were said to the model, and who said them. */
  asked: string
  speaker: string | undefined
  /** Everything that was said, one speech a line. */
  all: string
  /** Who took part. */
  names: string[]
  /** What happened behind the last words. */
  called: string[]
  results: Result[]
}

/** @param system what the wire keeps beside the messages. */
export function conversationIn(messages: readonly unknown[], system: string): Conversation {
  const systems = [system]
  const turns: Turn[] = []
  for (const message of messages.filter(isFields)) {
    if (message['role'] === 'system') systems.push(textsIn(message))
    else turns.push(...turnsIn(message))
  }
  const folded = turns.some((turn) => turn.type === 'speech' && turn.text.includes(historyHeader))
  const spoken = folded
    ? turns.flatMap((turn): Turn[] => (turn.type === 'speech' ? unfolded(turn, systems) : [turn]))
    : turns
  const heard = spoken.map((turn) => (turn.type === 'speech' ? { ...turn, text: withoutInstruction(turn.text) } : turn))
  return summed(heard.filter(isSomething), systems.filter(Boolean).join('\n'))
}

/** Words that only say what the answer is to look like are no speech, and neither is a picture's caption. */
function isSomething(turn: Turn): boolean {
  return turn.type !== 'speech' || (turn.text !== '' && !turn.text.startsWith('Part of the result of '))
}

function summed(turns: readonly Turn[], system: string): Conversation {
  const self = /\b(?:You are|Your name is|I am) (?:an? |the )?(\p{Lu}[\p{L}\p{N}_-]*)/u.exec(system)?.[1]
  const at = turns.findLastIndex((turn) => turn.type === 'speech' && isForMe(turn, self))
  const last = turns[at]
  const behind = turns.slice(at + 1)
  const speeches = turns.filter((turn) => turn.type === 'speech')
  const names = new Map(turns.filter((turn) => turn.type === 'call').map(({ id, name }) => [id, name]))
  return {
    system,
    self,
    asked: last?.type === 'speech' ? last.text : '',
    speaker: last?.type === 'speech' && last.speaker !== self ? last.speaker : undefined,
    all: speeches.map(({ speaker, text }) => (speaker === undefined ? text : `${speaker}: ${text}`)).join('\n'),
    names: [...new Set(speeches.flatMap(({ speaker }) => speaker ?? []))],
    called: behind.flatMap((turn) => (turn.type === 'call' ? [turn.name] : [])),
    results: behind.flatMap((turn) =>
      turn.type === 'result' ? [{ ...turn, name: turn.name || (names.get(turn.id) ?? '') }] : [],
    ),
  }
}

/** Another agent may speak in the role of an assistant, with its name. */
function isForMe({ role, speaker }: Said, self: string | undefined): boolean {
  return role === 'user' ? speaker === undefined || speaker !== self : speaker !== undefined && speaker !== self
}
