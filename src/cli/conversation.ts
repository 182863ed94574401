// A chat from its first prompt to its end: the person and an agent in turn, commands between, stops and words meanwhile.
import { type ReActAgent, UserAgent } from '../agents/index.ts'
import { AbortedError, AgentScopeError } from '../core/error.ts'
import { type Msg, textOf } from '../core/message.ts'
import { type LinkRun, scopeFrom } from '../create-scope.ts'
import type { Scope } from '../scope.ts'
import { type Terminal, terminal } from '../terminal/index.ts'
import { approver } from './approver.ts'
import { type ChatAgentOptions, chatAgent } from './chat-agent.ts'
import type { ChatModels } from './chat-models.ts'
import { chatPerson } from './chat-person.ts'
import { chatPrompt, isFarewell } from './chat-prompt.ts'
import { complain, describeError, isInteractive } from './command.ts'
import { historyFile } from './history-file.ts'
import { Meanwhile } from './meanwhile.ts'
import { OngoingReply } from './ongoing-reply.ts'
import { SessionUsage } from './session-usage.ts'
import type { Chat } from './slash-command.ts'
import { Voices } from './voices.ts'

export interface ConversationOptions extends ChatAgentOptions {
  /** Where to keep a record of the run. */
  saveDir?: string | undefined
  pacing?: boolean | undefined
  /** No tool call waits for a person's word. */
  allowTools?: boolean | undefined
  /** A Studio that hears it all and can answer, too. */
  link?: LinkRun | undefined
}

/** One chat. `run` once, then `close`. */
export class Conversation implements Chat {
  readonly agent: ReActAgent
  readonly models: ChatModels
  readonly usage = new SessionUsage()
  readonly #interactive = isInteractive()
  readonly #stop = new AbortController()
  readonly #left = Promise.withResolvers<number>()
  readonly #screen: Terminal
  readonly #voices: Voices
  readonly #meanwhile: Meanwhile
  readonly #scope: Scope
  readonly #user: UserAgent
  /** Whether the person is asked for the next message. */
  #isPrompting = false

  constructor(options: ConversationOptions) {
    const interactive = this.#interactive
    const { pacing = false, saveDir, allowTools = false, link } = options
    const history = interactive && { historyFile: historyFile(process.env) }
    const screen = terminal({ pacing, usage: interactive, ...history })
    const voices = new Voices(screen)
    const meanwhile = new Meanwhile({ voices, interactive, leave: (code) => this.#leave(code) })
    const person = chatPerson({
      prompt: chatPrompt(screen, this),
      approver: approver({ screen, interactive, meanwhile, allowAll: allowTools }),
      isPrompting: () => this.#isPrompting,
      left: () => this.#leave(0),
    })
    const parts = { sinks: [voices, this.usage], inputs: [person], signal: this.#stop.signal }
    const scope = scopeFrom('agentscope chat', { ...parts, saveDir }, link)
    this.models = options.models
    this.#screen = screen
    this.#voices = voices
    this.#meanwhile = meanwhile
    this.#scope = scope
    this.agent = chatAgent(options, scope)
    this.#user = new UserAgent({ scope, memory: false })
  }

  /**
   * Talks until `exit`, the end of the input or Ctrl-C at the prompt; Ctrl-C during a reply stops only that reply.
   * Gives the exit code: 130 after Ctrl-C; in a pipe the first reply that fails ends it with 1.
   */
  async run(): Promise<number> {
    const interrupt = () => this.#meanwhile.interrupt()
    process.on('SIGINT', interrupt)
    try {
      return await Promise.race([this.#talk(), this.#left.promise])
    } finally {
      process.off('SIGINT', interrupt)
      this.#meanwhile.end()
    }
  }

  async close(): Promise<void> {
    await this.#scope.close()
    this.#screen.close()
  }

  async #talk(): Promise<number> {
    try {
      for (;;) {
        const said = await this.#nextMessage()
        const text = textOf(said) ?? ''
        if (isFarewell(text)) return 0
        if (text.trim() === '') continue
        const failed = await this.#answer(said)
        if (failed && !this.#interactive) return 1
      }
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error
      return this.#stop.signal.aborted ? 130 : 0
    }
  }

  async #nextMessage(): Promise<Msg> {
    this.#isPrompting = true
    try {
      return await this.#user.call()
    } finally {
      this.#isPrompting = false
    }
  }

  /** Whether it failed. */
  async #answer(said: Msg): Promise<boolean> {
    const reply = new OngoingReply(this.agent, said, this.#voices)
    this.#meanwhile.begin(reply)
    const errors = await reply.ended()
    this.#meanwhile.end()
    if (reply.isStopping && !this.#voices.isMarked) this.#voices.tell('[stopped]')
    const failures = errors.filter((error) => !(error instanceof AbortedError))
    for (const failure of failures) tell(failure)
    return failures.length > 0
  }

  /** Whatever still runs cannot prevent it. */
  #leave(code: number): void {
    this.#left.resolve(code)
    this.#stop.abort()
  }
}

/** Says why a reply failed; what broke off in the middle has been marked on the screen already. */
function tell(error: unknown): void {
  const isShown = error instanceof AgentScopeError && error.partialText && !process.env['DEBUG']
  const words = isShown ? error.advice : describeError(error)
  if (words !== undefined) complain(words)
}
