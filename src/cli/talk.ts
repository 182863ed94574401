// A conversation in the terminal: the user and an agent in turn, until the user ends it.
import { DialogAgent, UserAgent } from '../agents/index.ts'
import { AbortedError, AgentScopeError } from '../core/error.ts'
import { textOf } from '../core/message.ts'
import { createScope } from '../create-scope.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import { terminal } from '../terminal/index.ts'
import { complain, describeError } from './command.ts'

export interface TalkOptions {
  model: ChatWrapper
  /** What the agent is called. */
  name: string
  sysPrompt?: string
}

const farewells = new Set(['exit', 'quit', '/exit', '/quit'])

/**
 * Talks until `exit`, the end of the input or Ctrl-C at the prompt; Ctrl-C during a reply stops only that reply.
 * Returns the exit code: in a pipe the first reply that fails ends it with 1.
 */
export async function talk({ model, name, sysPrompt }: TalkOptions): Promise<number> {
  const stop = new AbortController()
  const screen = terminal()
  const scope = createScope({ sinks: [screen], inputs: [screen], signal: stop.signal })
  const user = new UserAgent({ scope })
  const agent = new DialogAgent({ name, model, scope, ...(sysPrompt !== undefined && { sysPrompt }) })
  let reply: AbortController | undefined
  const interrupt = () => (reply ?? stop).abort()
  process.on('SIGINT', interrupt)
  try {
    for (;;) {
      const said = await user.call()
      const text = (textOf(said) ?? '').trim()
      if (farewells.has(text.toLowerCase())) return 0
      if (text === '') continue
      reply = new AbortController()
      const failed = await agent.call(said, { signal: reply.signal }).then(() => undefined, told)
      reply = undefined
      if (failed !== undefined && process.stdin.isTTY !== true) return 1
    }
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error
    return stop.signal.aborted ? 130 : 0
  } finally {
    process.off('SIGINT', interrupt)
    await scope.close()
  }
}

/** Says why a reply failed; what broke off in the middle has been marked on the screen already. */
function told(error: unknown): unknown {
  if (error instanceof AbortedError) return undefined
  const shown = error instanceof AgentScopeError && error.partialText && !process.env['DEBUG']
  const words = shown ? error.advice : describeError(error)
  if (words !== undefined) complain(words)
  return error
}
