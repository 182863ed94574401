// `agentscope chat`: talk to a model, with tools, from the terminal or through a pipe.
import { AbortedError, ConfigError, messageOf } from '../core/error.ts'
import type { LinkRun } from '../create-scope.ts'
import { createModels } from '../models/index.ts'
import { chatHelp } from './chat-help.ts'
import { ChatModels } from './chat-models.ts'
import { type ChatOptions, readChatOptions } from './chat-options.ts'
import { openChatTools } from './chat-tools.ts'
import { chooseModel, takeFirst } from './choose-model.ts'
import { type Command, complain, isInteractive, print } from './command.ts'
import { openOwnStudio } from './own-studio.ts'
import { readChat, type SavedChat } from './saved-chat.ts'
import { type StudioRun, statusOf, studioRun } from './studio-run.ts'
import { talk } from './talk.ts'

export const chat: Command = {
  name: 'chat',
  summary: 'talk to a model: agentscope chat --model ollama/llama3.2',
  help: chatHelp,
  async run(given) {
    const options = await readChatOptions(given)
    const saved = options.resume === undefined ? undefined : await readChat(options.resume)
    const models = new ChatModels({
      stream: !options['no-stream'],
      configured: options.config === undefined ? undefined : createModels(options.config),
      ...(options['base-url'] !== undefined && { baseUrl: options['base-url'] }),
    })
    try {
      return (await openModelFor(options, models, saved)) ? await talkWith(options, models, saved) : 0
    } finally {
      await models.close()
    }
  },
}

/** False when nobody wants to choose. */
async function openModelFor(options: ChatOptions, models: ChatModels, saved?: SavedChat): Promise<boolean> {
  const { model } = options
  if (model !== undefined) await models.open(model)
  else if (saved?.model !== undefined) await openSaved(models, saved.model)
  else if (!isInteractive()) await takeFirst(models)
  else {
    try {
      await chooseModel(models)
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error
      return false
    }
  }
  return true
}

async function openSaved(models: ChatModels, name: string): Promise<void> {
  try {
    await models.open(name)
  } catch (cause) {
    const reason = messageOf(cause)
    const advice = 'Go on with another one: --model <provider/model>.'
    throw new ConfigError(`The conversation was held with ${name}. ${reason}`, { advice, cause })
  }
}

async function talkWith(options: ChatOptions, models: ChatModels, saved?: SavedChat): Promise<number> {
  const { name, sysPrompt, maxIters, pacing } = options
  const tools = await openChatTools({ files: options.tools, mcp: options.mcp })
  try {
    welcome(models, tools.news, saved)
    const [saveDir, allowTools] = [options['save-dir'], options['allow-tools']]
    const chat = { models, name, sysPrompt, kit: tools.kit, maxIters, saved, saveDir, pacing, allowTools }
    return await inStudio(options.studio, (link) => talk({ ...chat, link }))
  } finally {
    await tools.close()
  }
}

/** With an address, in the Studio there; with `''`, in one of its own; undefined: in none. */
async function inStudio(address: string | undefined, act: (link?: LinkRun) => Promise<number>): Promise<number> {
  if (address === undefined) return act()
  const own = address === '' ? await openOwnStudio({ tell: isInteractive() ? print : complain }) : undefined
  let run: StudioRun | undefined
  let code = 1
  try {
    run = studioRun(own ?? address, 'chat')
    code = await act(run.link)
    return code
  } finally {
    await run?.close(statusOf(code))
    await own?.close()
  }
}

function welcome(models: ChatModels, news: readonly string[], saved?: SavedChat): void {
  // In a pipe the output is the conversation and nothing else.
  if (!isInteractive()) return news.forEach(complain)
  const count = saved?.state.memory?.messages.length
  const resumed = count === undefined ? [] : [`Going on after ${count === 1 ? '1 message' : `${count} messages`}.`]
  print([`Talking to ${models.name}. /help lists the commands.`, ...news, ...resumed].join('\n'))
}
