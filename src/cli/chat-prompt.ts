// What a person types at the prompt of a chat: messages, commands, and the word that ends it.
import type { Answer, Input } from '../scope.ts'
import { complain, print } from './command.ts'
import { type Chat, readLine } from './slash-command.ts'
import { runSlashCommand } from './slash-commands.ts'

const farewells = new Set(['exit', 'quit', '/exit', '/quit'])

export function isFarewell(text: string): boolean {
  return farewells.has(text.trim().toLowerCase())
}

/** Asks the screen for the next message. Commands are carried out on the way and never become messages. */
export function chatPrompt(screen: Input, chat: Chat): Input['ask'] {
  return async (request, signal): Promise<Answer> => {
    for (;;) {
      const answer = await screen.ask(request, signal)
      if (typeof answer !== 'string' || isFarewell(answer)) return answer
      const line = readLine(answer)
      if ('message' in line) return line.message
      const { text, failed } = await runSlashCommand(line.command, line.words, chat)
      if (text !== '') (failed ? complain : print)(text)
    }
  }
}
