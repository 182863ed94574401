// A chat from its first prompt to its end: the person and an agent in turn, commands between, stops and words meanwhile.
import { ReActAgent, UserAgent } from '../agents/index.ts'
import { AbortedError, AgentScopeError } from '../core/error.ts'
import { type Msg, textOf } from '../core/message.ts'
import { createScope } from '../create-scope.ts'
import type { Answer, Input, Scope } from '../scope.ts'
import { type Terminal, terminal } from '../terminal/index.ts'
import { style, wantsColor } from '../terminal/style.ts'
import type { Toolkit } from '../tools/index.ts'
import { approver } from './approver.ts'
import type { ChatModels } from './chat-models.ts'
import { complain, describeError, print } from './command.ts'
import { historyFile } from './history-file.ts'
import { OngoingReply } from './ongoing-reply.ts'
import type { SavedChat } from './saved-chat.ts'
import { SessionUsage } from './session-usage.ts'
import { type Chat, readLine } from './slash-command.ts'
import { runSlashCommand } from './slash-commands.ts'
import { Typing } from './typing.ts'
import { TypingRows } from './typing-rows.ts'
import { Voices } from './voices.ts'

export interface ConversationOptions {
  /** One of them is open. */
  models: ChatModels
  /** What the agent is called. Default: as in `saved`, else Assistant. */
  name?: string | undefined
  sysPrompt?: string | undefined
  kit?: Toolkit | undefined
  maxIters?: number | undefined
  /** Goes on from here. */
  saved?: SavedChat | undefined
  /** Where to keep a record of the run. */
  saveDir?: string | undefined
  pacing?: boolean | undefined
  /** No tool call waits for a person's word. */
  allowTools?: boolean | undefined
}

/** A second Ctrl-C within this time leaves. */
const againMs = 2000

const farewells = new Set(['exit', 'quit', '/exit', '/quit'])

/** One chat. `run` once, then `close`. */
export class Conversation implements Chat {
  readonly agent: ReActAgent
  readonly models: ChatModels
  readonly usage = new SessionUsage()
  readonly #interactive = process.stdin.isTTY === true && process.stdout.isTTY === true
  readonly #stop = new AbortController()
  readonly #left = Promise.withResolvers<number>()
  readonly #screen: Terminal
  readonly #voices: Voices
  readonly #scope: Scope
  readonly #user: UserAgent
  readonly #typing: Typing | undefined
  readonly #rows = new TypingRows()
  #reply: OngoingReply | undefined
  #interruptedAt = Number.NEGATIVE_INFINITY

  constructor(options: ConversationOptions) {
    const interactive = this.#interactive
    this.models = options.models
    this.#screen = terminal({
      pacing: options.pacing ?? false,
      usage: interactive,
      ...(interactive && { historyFile: historyFile(process.env) }),
    })
    this.#voices = new Voices(this.#screen)
    this.#typing = interactive ? this.#keyboard() : undefined
    this.#voices.onWaiting = (words) => this.#rows.waiting(words)
    const stop = () => this.#reply && this.#stopReply(this.#reply)
    const asking = { screen: this.#screen, interactive, stop, allowAll: options.allowTools ?? false }
    this.#scope = createScope({
      sinks: [this.#voices, this.usage],
      inputs: [approver({ ...asking, around: (act) => this.#withoutTyping(act) })],
      signal: this.#stop.signal,
      ...(options.saveDir !== undefined && { saveDir: options.saveDir }),
    })
    this.agent = agentOf(options, this.#scope)
    this.#user = new UserAgent({ scope: this.#scope, memory: false, input: this.#prompt() })
  }

  /**
   * Talks until `exit`, the end of the input or Ctrl-C at the prompt; Ctrl-C during a reply stops only that reply.
   * Gives the exit code: 130 after Ctrl-C; in a pipe the first reply that fails ends it with 1.
   */
  async run(): Promise<number> {
    const interrupt = () => this.#interrupt()
    process.on('SIGINT', interrupt)
    try {
      return await Promise.race([this.#talk(), this.#left.promise])
    } finally {
      process.off('SIGINT', interrupt)
      this.#typing?.stop()
    }
  }

  async close(): Promise<void> {
    await this.#scope.close()
    this.#screen.close()
  }

  async #talk(): Promise<number> {
    try {
      for (;;) {
        const said = await this.#user.call()
        const text = (textOf(said) ?? '').trim()
        if (farewells.has(text.toLowerCase())) return 0
        if (text === '') continue
        const failed = await this.#answer(said)
        if (failed && !this.#interactive) return 1
      }
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error
      return this.#stop.signal.aborted ? 130 : 0
    }
  }

  /** Whether it failed. */
  async #answer(said: Msg): Promise<boolean> {
    const reply = new OngoingReply(this.agent, said, this.#voices)
    this.#reply = reply
    this.#typing?.start()
    const errors = await reply.ended()
    this.#typing?.stop()
    this.#rows.stopping(false)
    this.#reply = undefined
    if (reply.isStopping && !this.#voices.isMarked) this.#voices.tell('[stopped]')
    const failures = errors.filter((error) => !(error instanceof AbortedError))
    for (const failure of failures) tell(failure)
    return failures.length > 0
  }

  /** What the person says next. Commands are carried out on the way and never become messages. */
  #prompt(): Input['ask'] {
    return async (request, signal): Promise<Answer> => {
      for (;;) {
        const answer = await this.#screen.ask(request, signal)
        if (typeof answer !== 'string' || farewells.has(answer.trim().toLowerCase())) return answer
        const line = readLine(answer)
        if ('message' in line) return line.message
        const { text, failed } = await runSlashCommand(line.command, line.words, this)
        if (text !== '') (failed ? complain : print)(text)
      }
    }
  }

  #keyboard(): Typing {
    return new Typing({
      input: process.stdin,
      output: process.stdout,
      escapes: style(wantsColor(process.stdout, process.env)).color,
      line: (text) => this.#typed(text),
      interrupt: () => this.#interrupt(),
      draft: (text) => this.#rows.draft(text),
      unsent: (text) => print(`(not sent: ${text})`),
    })
  }

  /** A line that was typed while a reply is being given. */
  #typed(text: string): void {
    if (this.#reply === undefined || text.trim() === '') return
    if (farewells.has(text.trim().toLowerCase())) return this.#leave(0)
    const line = readLine(text)
    if ('message' in line) this.#reply.steer(line.message)
    else if (line.command === 'stop') this.#stopReply(this.#reply)
    else this.#voices.tell(`/${line.command} has to wait until the reply is over. /stop stops it.`)
  }

  async #withoutTyping<Value>(act: () => Promise<Value>): Promise<Value> {
    this.#typing?.stop()
    try {
      return await act()
    } finally {
      if (this.#reply !== undefined) this.#typing?.start()
    }
  }

  #interrupt(): void {
    const now = performance.now()
    const isAgain = now - this.#interruptedAt < againMs || this.#reply?.isStopping === true
    this.#interruptedAt = now
    if (this.#reply === undefined || isAgain) this.#leave(130)
    else this.#stopReply(this.#reply)
  }

  #stopReply(reply: OngoingReply): void {
    this.#rows.stopping(true)
    reply.stop()
  }

  /** Whatever still runs cannot prevent it. */
  #leave(code: number): void {
    this.#left.resolve(code)
    this.#stop.abort()
  }
}

function agentOf({ models, name, sysPrompt, kit, maxIters, saved }: ConversationOptions, scope: Scope): ReActAgent {
  const options = {
    model: models.model,
    scope,
    ...(sysPrompt !== undefined && { sysPrompt }),
    ...(kit !== undefined && { toolkit: kit }),
    ...(maxIters !== undefined && { maxIters }),
  }
  if (saved === undefined) return new ReActAgent({ name: name ?? 'Assistant', ...options })
  const agent = ReActAgent.fromJSON(saved.state, { ...options, ...(name !== undefined && { name }) })
  // The state knows nothing of groups that were not there when it was written.
  const fresh = agent.toolkit.groups.filter((group) => !saved.groups.includes(group.name))
  agent.toolkit.activate(...fresh.map((group) => group.name))
  return agent
}

/** Says why a reply failed; what broke off in the middle has been marked on the screen already. */
function tell(error: unknown): void {
  const isShown = error instanceof AgentScopeError && error.partialText && !process.env['DEBUG']
  const words = isShown ? error.advice : describeError(error)
  if (words !== undefined) complain(words)
}
