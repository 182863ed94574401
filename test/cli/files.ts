// A folder of files for one test, and some that several tests use.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Folder extends Disposable {
  path(name: string): string
}

/** Files by their names. The folder is gone when the test is over. */
export function folder(files: Record<string, string> = {}): Folder {
  const root = mkdtempSync(join(tmpdir(), 'agentscope-cli-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return {
    path: (name) => join(root, name),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

export const weather = `import { tool } from 'agentscope/tools'
const rain: string = 'Rain'
export default tool({
  name: 'weather',
  description: 'Tells the weather of a city.',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }: { city: string }) => rain + ' in ' + city,
})
`

/** Needs a person's word. */
export const remover = `import { tool } from 'agentscope/tools'
export const remove = tool({
  name: 'remove',
  description: 'Removes a file.',
  approval: true,
  input: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  run: ({ path }: { path: string }) => 'removed ' + path,
})
`

/** Never ends, does not heed its signal, and keeps the process busy. */
export const stuck = `import { tool } from 'agentscope/tools'
export const stuck = tool({
  name: 'stuck',
  description: 'Gets stuck.',
  run: () => new Promise(() => setInterval(() => {}, 1000)),
})
`
