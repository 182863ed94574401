// What a command inside a chat is, and how a line that was typed is told from a message.
import type { ReActAgent } from '../agents/index.ts'
import type { ChatModels } from './chat-models.ts'
import type { SessionUsage } from './session-usage.ts'

/** What commands may look at and change. */
export interface Chat {
  readonly agent: ReActAgent
  readonly models: ChatModels
  readonly usage: SessionUsage
}

export interface SlashCommand {
  readonly name: string
  /** What may stand behind the name. */
  readonly takes?: string
  /** One line for `/help`. */
  readonly summary: string
  /** `words` is what stood behind the name. Gives what is to be shown. */
  run(words: string, chat: Chat): string | Promise<string>
}

/** A line as it was typed: a message, or a command with the words behind it. */
export type TypedLine = { message: string } | { command: string; words: string }

/** A message may begin with a slash when it is written twice. */
export function readLine(line: string): TypedLine {
  const text = line.trimStart()
  if (text.startsWith('//')) return { message: text.slice(1) }
  if (!text.startsWith('/')) return { message: line }
  const [, command = '', words = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  return { command, words: words.trim() }
}
