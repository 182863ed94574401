// A file that was named on the command line.
import { stat } from 'node:fs/promises'
import { UsageError } from './command.ts'

/** @throws UsageError when it is not there, or is no file. */
export async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new UsageError(`There is no file ${path}.`)
  if (!found.isFile()) throw new UsageError(`${path} is no file.`)
}
