// Where the command line keeps what belongs to the project that it is called in.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** `.agentscope/studio.sqlite` under the working directory. */
export function projectDataFile(directory = process.cwd()): string {
  return resolve(directory, '.agentscope', 'studio.sqlite')
}

/** Makes the folder of that file. What git does not know yet stays unknown to it: conversations belong to nobody's history. */
export function makeProjectFolder(file: string): void {
  const folder = dirname(file)
  // Only one that is new is ours to write into.
  if (mkdirSync(folder, { recursive: true }) !== undefined) writeFileSync(resolve(folder, '.gitignore'), '*\n')
}
