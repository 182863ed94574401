// Tools from a file of the user's own: a TypeScript or JavaScript module that exports them.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, messageOf } from '../core/error.ts'
import { isFields, kindOf } from '../core/kind.ts'
import { type Tool, Toolkit, type ToolOptions } from '../tools/index.ts'
import { checkFile } from './named-file.ts'
import { knowOwnPackage } from './own-package.ts'

export interface LoadedTools {
  /** The toolkit that the file exports, with its groups. */
  kit?: Toolkit
  tools: (Tool | ToolOptions)[]
}

const whatToExport =
  'Export a tool made with tool({ name, description, input, run }), a list of them, or a Toolkit: as default, or by any name.'

let known = false

/** @throws UsageError when there is no such file; ConfigError that names the file when it fails or exports no tools. */
export async function loadTools(path: string): Promise<LoadedTools> {
  await checkFile(path)
  if (!known) knowOwnPackage({ always: true })
  known = true
  const exported = await imported(path)
  const loaded: LoadedTools = { tools: [] }
  for (const [name, value] of Object.entries(exported)) take(loaded, value, `${path}: the export ${name}`)
  // The same tool may be exported twice: by its name and as default.
  if (loaded.kit !== undefined || loaded.tools.length > 0) return { ...loaded, tools: [...new Set(loaded.tools)] }
  const names = Object.keys(exported).filter((name) => !isEmptyModule(exported[name]))
  const found = names.length === 0 ? 'exports nothing' : `exports no tool (only ${names.join(', ')})`
  throw new ConfigError(`${path} ${found}.`, { advice: whatToExport })
}

async function imported(path: string): Promise<Record<string, unknown>> {
  const { href } = pathToFileURL(resolve(path))
  try {
    return await import(href)
  } catch (cause) {
    const message = messageOf(cause)
    throw new ConfigError(`${path}${placeIn(cause, href)} cannot be loaded: ${message}`, { cause })
  }
}

/** `:12:5`, where the error comes from that file itself. */
function placeIn(error: unknown, href: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(`${href}:`)
  return at < 0 ? '' : (/^:\d+(:\d+)?/.exec(stack.slice(at + href.length))?.[0] ?? '')
}

/** What is no tool at all (a constant, a function that a tool uses) may stand beside them. */
function take(loaded: LoadedTools, value: unknown, place: string): void {
  if (value instanceof Toolkit) {
    if (loaded.kit !== undefined && loaded.kit !== value) {
      throw new ConfigError(`${place} is a second Toolkit.`, { advice: 'Put all tools into one.' })
    }
    loaded.kit = value
  } else if (Array.isArray(value)) {
    const wrong = value.findIndex((each) => !isTool(each))
    if (wrong < 0) loaded.tools.push(...value)
    else if (value.some(isTool)) {
      throw new ConfigError(`${place}: [${wrong}] is no tool, but ${kindOf(value[wrong])}.`, { advice: whatToExport })
    }
  } else if (isTool(value)) loaded.tools.push(value)
}

/** What Node makes of a file without any import or export. */
function isEmptyModule(value: unknown): boolean {
  return isFields(value) && Object.keys(value).length === 0
}

function isTool(value: unknown): value is Tool | ToolOptions {
  return isFields(value) && typeof value['name'] === 'string' && typeof value['run'] === 'function'
}
