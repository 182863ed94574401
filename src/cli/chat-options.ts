// The options of `agentscope chat`, read from the command line.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'

export type ChatOptions = Awaited<ReturnType<typeof readChatOptions>>

/** @throws UsageError, and what `parseArgs` throws, for a command line that is wrong. */
export async function readChatOptions(given: readonly string[]) {
  const { values } = parseArgs({
    args: withStudio(given),
    options: {
      model: { type: 'string', short: 'm' },
      simulated: { type: 'boolean', default: false },
      config: { type: 'string' },
      'base-url': { type: 'string' },
      'no-stream': { type: 'boolean', default: false },
      name: { type: 'string' },
      system: { type: 'string', short: 's' },
      'system-file': { type: 'string' },
      tools: { type: 'string', multiple: true, default: [] },
      mcp: { type: 'string' },
      'allow-tools': { type: 'boolean', default: false },
      'max-iters': { type: 'string' },
      resume: { type: 'string' },
      'save-dir': { type: 'string' },
      pacing: { type: 'boolean', default: false },
      studio: { type: 'string' },
    },
  })
  if (values['base-url'] !== undefined && values.model === undefined) {
    throw new UsageError('--base-url needs --model <provider/model>: which wire is spoken there?')
  }
  if (values.name === '') throw new UsageError('--name needs a name.')
  if (values.simulated && values.model !== undefined) throw new UsageError('Give --simulated or --model, not both.')
  return {
    ...values,
    model: values.simulated ? 'simulator/openai' : values.model,
    sysPrompt: await systemPrompt(values.system, values['system-file']),
    maxIters: maxItersOf(values['max-iters']),
  }
}

/** `--studio` may stand alone. */
function withStudio(given: readonly string[]): string[] {
  return given.map((each, at) => (each === '--studio' && /^-|^$/.test(given[at + 1] ?? '') ? '--studio=' : each))
}

function maxItersOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  if (/^[1-9]\d*$/.test(written)) return Number(written)
  throw new UsageError(`--max-iters needs a whole number of 1 or more, got ${JSON.stringify(written)}.`)
}

async function systemPrompt(text: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return text
  if (text !== undefined) throw new UsageError('Give --system or --system-file, not both.')
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').trim()
  } catch (error) {
    throw new UsageError(`The system prompt ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
}
