// The commands inside a chat, and how one is carried out.
import { AgentScopeError } from '../core/error.ts'
import { didYouMean } from '../core/spelling.ts'
import { listed, nameFor } from './choose-model.ts'
import { describeError, isUsageError } from './command.ts'
import { saveChat } from './saved-chat.ts'
import type { Chat, SlashCommand } from './slash-command.ts'
import { switchTools, toolsText } from './slash-tools.ts'

const help: SlashCommand = {
  name: 'help',
  summary: 'this list',
  run: () => {
    const heads = slashCommands.map(({ name, takes = '' }) => `/${name} ${takes}`.trimEnd())
    const width = Math.max(...heads.map((head) => head.length))
    const lines = slashCommands.map(({ summary }, index) => `  ${heads[index]!.padEnd(width)}  ${summary}`)
    return `${lines.join('\n')}\n${manners}`
  },
}

const manners = `While a reply is being given, /stop or Ctrl-C stops it. Any other line is a word
to the agent: it takes it in after the tool that runs, else after the reply.
Ctrl-C twice, or at the prompt, leaves.
A line that ends in a backslash goes on in the next one. A message that begins
with a slash is written with two.`

const stop: SlashCommand = {
  name: 'stop',
  summary: 'stop the reply (while one is being given)',
  run: () => 'Nothing is being said.',
}

const model: SlashCommand = {
  name: 'model',
  takes: '[name or number]',
  summary: 'what can be chosen; another model from here on',
  async run(words, { agent, models }) {
    const list = await models.list()
    if (words === '') return `Model: ${models.name}\n${listed(list, models.name)}`
    agent.model = await models.open(nameFor(words, list))
    return `Model: ${models.name}`
  },
}

const tools: SlashCommand = {
  name: 'tools',
  takes: '[on|off <group>]',
  summary: 'what the agent may do; a group on or off',
  run: (words, { agent }) => (words === '' ? toolsText(agent.toolkit) : switchTools(agent.toolkit, words)),
}

const usage: SlashCommand = {
  name: 'usage',
  summary: 'requests and tokens of this chat, by model',
  run: (_, chat) => chat.usage.text,
}

const save: SlashCommand = {
  name: 'save',
  takes: '[file]',
  summary: 'write the conversation into a file, for --resume',
  async run(words, { agent, models }) {
    const groups = agent.toolkit.groups.map(({ name }) => name)
    const saved = { state: agent.toJSON(), model: models.name, groups }
    const path = await (words === '' ? saveChat(saved) : saveChat(saved, words))
    return `${countOf(agent)} saved in ${path}`
  },
}

const system: SlashCommand = {
  name: 'system',
  takes: '[text]',
  summary: 'show the system prompt, or write another one',
  run(words, { agent }) {
    if (words !== '') agent.sysPrompt = words
    return agent.sysPrompt === undefined ? 'There is no system prompt.' : `System prompt: ${agent.sysPrompt}`
  },
}

const clear: SlashCommand = {
  name: 'clear',
  summary: 'forget the conversation',
  run(_, { agent }) {
    const forgotten = countOf(agent)
    agent.memory?.clear()
    return `${forgotten} forgotten.`
  },
}

/** Told apart by whoever reads the line, because it ends the reading. */
const exit: SlashCommand = { name: 'exit', summary: 'leave (also exit, Ctrl-D)', run: () => '' }

const slashCommands: readonly SlashCommand[] = [help, stop, model, tools, usage, save, system, clear, exit]

export interface Outcome {
  text: string
  failed: boolean
}

/** Carries out a command. What goes wrong is told and is no reason to end the chat. */
export async function runSlashCommand(name: string, words: string, chat: Chat): Promise<Outcome> {
  const command = slashCommands.find((each) => each.name === name.toLowerCase())
  if (command === undefined) return { text: unknown(name), failed: true }
  try {
    return { text: await command.run(words, chat), failed: false }
  } catch (error) {
    if (!(error instanceof AgentScopeError || isUsageError(error))) throw error
    return { text: describeError(error), failed: true }
  }
}

function unknown(name: string): string {
  const names = slashCommands.map((command) => `/${command.name}`)
  return `There is no command /${name}.${didYouMean(`/${name}`, names)} /help lists them; a message that begins with a slash is written //${name}.`
}

function countOf({ memory }: Chat['agent']): string {
  const count = memory?.size ?? 0
  return count === 1 ? '1 message' : `${count} messages`
}
