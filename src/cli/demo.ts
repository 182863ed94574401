// `agentscope demo`, which `npm start` runs: the seven wrappers in one conversation, streamed here and in Studio at once.
import { parseArgs } from 'node:util'
import { UserAgent } from '../agents/index.ts'
import { AbortedError } from '../core/error.ts'
import type { Msg } from '../core/message.ts'
import { type LinkRun, scopeFrom } from '../create-scope.ts'
import type { Scope } from '../scope.ts'
import { simulator } from '../simulator/index.ts'
import { type Terminal, terminal } from '../terminal/index.ts'
import { ChatModels } from './chat-models.ts'
import { type Command, isInteractive, print } from './command.ts'
import { answerOf, type Guest, Host, invite, partnerOf, person, scripted, whoIsReal } from './demo-guests.ts'
import { type Circumstances, newsOf, questionTo, secondsToAnswer, standardInput } from './demo-question.ts'
import { openOwnStudio, portOf } from './own-studio.ts'
import { livelyPace } from './simulated.ts'
import { statusOf, studioRun } from './studio-run.ts'
import { talk } from './talk.ts'

const help = `Usage: agentscope demo [options]

The seven model wrappers answer in turn in one streamed conversation, here and in Studio at once: its address is printed
first. Those whose key stands in the environment, and a local Ollama, really answer; the others are simulated, on real
wires over loopback HTTP. Then you are asked, and may answer here or in Studio. In a terminal it goes on as a chat.

  --once         end after the conversation
  --simulated    use no key and no Ollama, simulate all seven
  --fast         the simulated ones speak as fast as they can
  --no-studio    only the terminal
  --port <n>     where Studio listens. Default: 3000, or the next free port; 0 takes any
  --data <file>  the SQLite file that Studio keeps the runs in; "memory" keeps nothing.
                 Default: .agentscope/studio.sqlite in this directory`

export const demo: Command = {
  name: 'demo',
  summary: 'the seven wrappers in one streamed conversation (what npm start runs)',
  help,
  async run(given) {
    const options = readOptions(given)
    const studio = options.studio ? await openOwnStudio(options) : undefined
    const run = studio && studioRun(studio, 'demo')
    let code = 1
    try {
      code = await play(options, run?.link, () => studio?.tabs)
      return code
    } finally {
      await run?.close(statusOf(code))
      await studio?.close()
    }
  },
}

type Options = ReturnType<typeof readOptions>

function readOptions(given: readonly string[]) {
  const { values } = parseArgs({
    args: [...given],
    options: {
      once: { type: 'boolean', default: false },
      simulated: { type: 'boolean', default: false },
      fast: { type: 'boolean', default: false },
      'no-studio': { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string' },
    },
  })
  return { ...values, studio: !values['no-studio'], port: portOf(values.port) }
}

/** Gives the exit code. */
async function play(options: Options, link: LinkRun | undefined, tabs: () => number | undefined): Promise<number> {
  const interactive = isInteractive()
  const pace = interactive && !options.fast ? livelyPace : { everyMs: 2 }
  const simulated = await simulator({ models: { '*': scripted }, pace })
  try {
    const guests = await invite(simulated, options.simulated)
    print(whoIsReal(guests))
    const { once } = options
    const finished = await converse(guests, link, () => ({ interactive, once, tabs: tabs() }))
    if (!finished) return 130
    return interactive && !once ? await goOn(guests, link) : 0
  } finally {
    await simulated.close()
  }
}

/** One conversation in which each hears all that was said before. False when Ctrl-C ended it. */
async function converse(guests: readonly Guest[], link: LinkRun | undefined, now: () => Circumstances) {
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.on('SIGINT', interrupt)
  const screen = terminal()
  const room = roomOf(screen, stop.signal, link, now)
  try {
    const host = new Host({ name: 'Host', scope: room })
    const said: Msg[] = [await host.call()]
    for (const guest of guests) if (!stop.signal.aborted) said.push(...(await answerOf(guest, said, room)))
    if (!stop.signal.aborted) said.push(await askPerson(room, screen, now()))
    if (!stop.signal.aborted) await answerOf(partnerOf(guests), said, room)
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error
  } finally {
    process.off('SIGINT', interrupt)
    await room.close()
  }
  return !stop.signal.aborted
}

/** The person answers at the keyboard or in Studio; where that may fail, the answer comes by itself. */
function roomOf(screen: Terminal, signal: AbortSignal, link: LinkRun | undefined, now: () => Circumstances): Scope {
  const byItself = standardInput(() => secondsToAnswer(now()))
  const inputs = now().interactive ? [screen, byItself] : [byItself]
  return scopeFrom('agentscope demo', { sinks: [screen], inputs, signal }, link)
}

async function askPerson(scope: Scope, screen: Terminal, circumstances: Circumstances): Promise<Msg> {
  const news = newsOf(circumstances)
  const teller = { name: 'demo', id: 'demo' }
  if (news !== undefined) await screen.event(teller, { type: 'notice', id: teller.id, kind: 'progress', text: news })
  return new UserAgent({ name: person, scope, inputHint: questionTo(circumstances) }).call()
}

async function goOn(guests: readonly Guest[], link: LinkRun | undefined): Promise<number> {
  const partner = partnerOf(guests)
  const kind = partner.real ? partner.real.found : 'simulated'
  print(`\nNow you: talk with ${partner.name} (${kind}). Ctrl-C stops a reply, /help lists the commands, "exit" ends.`)
  const name = partner.real ? partner.model.modelName : `simulator/${partner.wire}`
  return talk({ models: ChatModels.of(partner.model, name), name: partner.name, link })
}
