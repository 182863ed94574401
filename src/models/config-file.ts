// Gets configurations from what was given: values as they are, or the JSON of a file.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '../core/error.ts'
import { isPlainObject, kindOf } from '../core/kind.ts'
import { findJsonFault } from './json-fault.ts'

/** `place` names the file, or `modelConfigs` when the values came directly. Throws `ConfigError`. */
export function readConfigs(given: unknown, baseFolder = process.cwd()): { place: string; value: unknown } {
  if (given instanceof URL) return readFile(pathOf(given))
  if (typeof given === 'string') return readFile(resolve(baseFolder, pathIn(given)))
  return { place: 'modelConfigs', value: container(given, 'modelConfigs') }
}

function container(value: unknown, place: string): unknown {
  if (Array.isArray(value) || isPlainObject(value)) return value
  throw new ConfigError(`${place}: expected a model configuration or a list of them, got ${kindOf(value)}.`, {
    advice: 'Give an object, an array of objects, or the path of a JSON file that holds either.',
  })
}

/** A path, not the JSON itself, whose text must not get into an error: it may hold a key. */
function pathIn(given: string): string {
  if (given.startsWith('file:') && URL.canParse(given)) return pathOf(new URL(given))
  if (given.trim() !== '' && !/^\s*[{[]|[\n\r\0]/.test(given)) return given
  throw new ConfigError(`modelConfigs: expected the path of a JSON file, got ${kindOf(given)} that is no path.`, {
    advice: 'JSON text is given with JSON.parse(text), a file by its path.',
  })
}

function pathOf(url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url)
  throw new ConfigError(
    `modelConfigs: expected the path of a JSON file, got an address that begins with ${url.protocol}`,
  )
}

function readFile(path: string): { place: string; value: unknown } {
  const text = textOf(path)
  try {
    return { place: path, value: container(JSON.parse(text), path) }
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    // The platform's message is left out: it quotes the file, keys and all.
    const fault = findJsonFault(text) ?? { line: 1, column: 1, problem: 'something that is no JSON' }
    throw new ConfigError(`${path}:${fault.line}:${fault.column}: the file is not JSON: ${fault.problem}.`, {
      advice: `Correct line ${fault.line}, column ${fault.column}.`,
    })
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const what =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder' : `cannot be read (${code})`
    throw new ConfigError(`${path}: ${what}.`, {
      advice: 'Give the path of a JSON file with model configurations; a relative one begins at the working directory.',
      cause,
    })
  }
}
