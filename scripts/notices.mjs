// The licences of other people's packages whose code a build took in.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The text of THIRD-PARTY.txt for the modules (absolute paths) in a build.
 * @throws when a package among them has no licence text: it must not be published without.
 */
export function notices(modules) {
  const folders = new Set(modules.filter((id) => /[\\/]node_modules[\\/]/.test(id)).map(folderOf))
  const texts = [...folders].sort().map(notice)
  return `This package contains code of the following packages.\n\n${texts.join('\n')}`
}

/** The folder of the package that a module belongs to. */
function folderOf(id) {
  let folder = dirname(id.replace(/^\0/, '').replace(/\?.*$/, ''))
  // A folder inside a package may have a package.json of its own, without a name.
  while (!isPackage(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

function isPackage(folder) {
  const file = join(folder, 'package.json')
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version !== undefined
}

function notice(folder) {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const rule = '-'.repeat(80)
  return `${rule}\n${about.name} ${about.version} (${about.license})\n\n${licence(folder, about).trim()}\n`
}

function licence(folder, { name, license, author }) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8')
  if (license !== 'MIT') throw new Error(`${name} is part of the build, but ${folder} has no licence file.`)
  return `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}\n\n${mit}`
}

/** For a package that says MIT in its package.json and leaves the text out. */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`
