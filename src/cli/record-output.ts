// Where `agentscope record` puts what was recorded: never over a file that nobody named, never in place of a recording by nothing.
import { constants } from 'node:fs'
import { access, copyFile, lstat, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, messageOf } from '../core/error.ts'
import { type Cassette, writeCassette } from '../simulator/index.ts'

export const defaultOutput = 'recording.cassette.jsonl'

/** @throws ConfigError when the file that is there cannot be written */
export async function checkOutput(output: string): Promise<void> {
  await access(output, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw new ConfigError(`The cassette cannot be written: ${messageOf(cause)}`, { cause })
  })
}

/** Replaces the file at once when all is written, so that a full disk leaves the old one. `folder` lies beside it. */
export async function replaceOutput(output: string, cassette: Cassette, folder: string): Promise<void> {
  const isPlain = await lstat(output).then((each) => each.isFile(), isMissing)
  // A pipe, a device or a link stays what it is.
  if (!isPlain) return writeCassette(output, cassette)
  const whole = join(folder, 'whole')
  await writeCassette(whole, cassette)
  await rename(whole, output)
}

/** Writes it under the first name that is free: `a.cassette.jsonl`, `a-2.cassette.jsonl`, ... Gives that name. */
export async function writeBeside(output: string, cassette: Cassette, folder: string): Promise<string> {
  const whole = join(folder, 'whole')
  await writeCassette(whole, cassette)
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? output : withWord(output, `-${number}`)
    const isTaken = await copyFile(whole, name, constants.COPYFILE_EXCL).then(() => false, isExisting)
    if (!isTaken) return name
  }
}

/** The word before the extension: `a.cassette.jsonl` and `-2` make `a-2.cassette.jsonl`. */
export function withWord(output: string, word: string): string {
  const [, stem = '', extension = ''] = /^(.*?)((?:\.cassette)?\.[^./]*)?$/s.exec(output) ?? []
  return `${stem}${word}${extension}`
}

function isMissing(cause: NodeJS.ErrnoException): true {
  if (cause.code === 'ENOENT') return true
  throw cause
}

function isExisting(cause: NodeJS.ErrnoException): true {
  if (cause.code === 'EEXIST') return true
  throw new ConfigError(`The cassette cannot be written: ${messageOf(cause)}`, { cause })
}
