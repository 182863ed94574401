// A memory in a file: a JSON list of messages.
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { InputError, messageOf } from '../core/error.ts'
import type { LoadOptions, Memory } from './memory.ts'

/**
 * Writes what a memory holds, as JSON, in UTF-8. What was in the file before is replaced at once, never half.
 * AgentScope: `memory.export(file_path)`.
 *
 * @throws InputError when it cannot be written.
 */
export async function exportTo(memory: Pick<Memory, 'get'>, path: string | URL): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify(memory.get(), null, 2)}\n`)
  } catch (cause) {
    throw fileError('written', path, cause)
  }
}

/** Writes the text in the place of what was in the file: at once, never half. Rejects with the system's own error. */
export async function replaceFile(path: string | URL, text: string, mode = 0o666): Promise<void> {
  const beside = `${path instanceof URL ? path.href : path}.${crypto.randomUUID()}.part`
  const part = path instanceof URL ? new URL(beside) : beside
  try {
    await writeFile(part, text, { flag: 'wx', mode })
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/**
 * Adds what a file holds to a memory: a JSON list of messages, or a state. AgentScope: `memory.load(file_path)`.
 *
 * @throws InputError when it cannot be read, or holds no messages; then the memory is as it was.
 */
export async function loadFrom(
  memory: Pick<Memory, 'load'>,
  path: string | URL,
  options: LoadOptions = {},
): Promise<void> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw fileError('read', path, cause)
  }
  memory.load(text, options)
}

function fileError(done: string, path: string | URL, cause: unknown): InputError {
  const reason = messageOf(cause)
  return new InputError(`The memory in ${String(path)} cannot be ${done}: ${reason}`, { cause })
}
