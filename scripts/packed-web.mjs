// Packs the files of the built page, as most browsers want them: Studio's server unpacks them for the others.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const folder = join(dirname(import.meta.dirname), 'dist', 'studio', 'web')

for (const name of readdirSync(folder, { recursive: true })) {
  const file = join(folder, name)
  if (!/\.(js|css|svg|json)$/.test(name) || statSync(file).size < 1024) continue
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
  rmSync(file)
}
