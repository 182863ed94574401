// Leaves those declarations of a build that the exports of package.json lead to; nobody can reach the others.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const { exports: exported } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const reached = new Set()

for (const { types } of Object.values(exported)) if (types !== undefined) reach(join(root, types))
for (const name of readdirSync(join(root, 'dist'), { recursive: true })) {
  const file = join(root, 'dist', name)
  if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file)
}

/** A declaration and all that it imports. */
function reach(file) {
  if (reached.has(file)) return
  reached.add(file)
  const imports = readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()['"](\.[^'"]+)\.[jt]s['"]/g)
  for (const [, path] of imports) reach(join(dirname(file), `${path}.d.ts`))
}
