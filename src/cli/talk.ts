// Talks in the terminal until it is over.
import { Conversation, type ConversationOptions } from './conversation.ts'

/** Gives the exit code, as `Conversation.run` does. */
export async function talk(options: ConversationOptions): Promise<number> {
  const conversation = new Conversation(options)
  try {
    return await conversation.run()
  } finally {
    await conversation.close()
  }
}
