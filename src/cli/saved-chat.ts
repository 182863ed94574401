// A chat in a file: the agent's state, and which model it talked with.
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { AgentState } from '../agents/index.ts'
import { checkState } from '../agents/state.ts'
import { InputError, messageOf } from '../core/error.ts'
import { isFields, textIn } from '../core/kind.ts'
import { timeStamp } from '../core/run-name.ts'
import { replaceFile } from '../memory/files.ts'
import { UsageError } from './command.ts'

export interface SavedChat {
  state: AgentState
  /** As it was chosen: `provider/model`, or the name of a configuration. */
  model: string | undefined
  /** Groups of tools that there were; the state says which of them were active. */
  groups: readonly string[]
}

/** Writes it, readable only by its owner; a file that is there is replaced at once. Gives the whole path. */
export async function saveChat({ state, model, groups }: SavedChat, name = freshName()): Promise<string> {
  const path = resolve(name.replace(/^~(?=\/)/, homedir()))
  const text = `${JSON.stringify({ ...state, chat: { model, groups } }, null, 2)}\n`
  try {
    await replaceFile(path, text, 0o600)
    return path
  } catch (cause) {
    throw new InputError(`The conversation cannot be saved: ${messageOf(cause)}`, { cause })
  }
}

/** @throws UsageError when there is no such file; InputError that names it when it holds no conversation. */
export async function readChat(path: string): Promise<SavedChat> {
  const state = parsed(path, await contentOf(path))
  try {
    checkState(state)
  } catch (cause) {
    throw new InputError(`${path} holds no conversation.`, { advice: '/save writes one.', cause })
  }
  const chat = isFields(state['chat']) ? state['chat'] : {}
  const groups = Array.isArray(chat['groups']) ? chat['groups'].filter((each) => typeof each === 'string') : []
  return { state, model: textIn(chat['model']), groups }
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new UsageError(`There is no file ${path}.`)
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  })
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InputError(`${path} is no JSON.`, { advice: '/save writes a conversation that --resume reads.', cause })
  }
}

function freshName(): string {
  return `agentscope-chat-${timeStamp(new Date())}.json`
}
