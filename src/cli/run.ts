// `agentscope run`: runs a program of the user's own, with real models, or with simulated ones where there are none.
import { type ChildProcess, spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { studioVariable } from '../init.ts'
import { improvise, type Simulator, simulator } from '../simulator/index.ts'
import { ended } from './child.ts'
import { type Command, complain, UsageError } from './command.ts'
import { ollamaModels } from './find-real.ts'
import { checkFile } from './named-file.ts'
import { openOwnStudio } from './own-studio.ts'
import { livelyPace } from './simulated.ts'
import { realVariable, simulatedEnvironment } from './simulated-environment.ts'

const help = `Usage: agentscope run [--simulated | --real] [--studio] <file> [arguments...]

Runs a .ts or .js program with the Node that agentscope runs on. Types are
stripped, not checked; the package is found as "agentscope" wherever the file
lies. What stands behind the file is the program's own, and so are the exit code
and the signals that come.

Where there is neither a key in the environment nor an Ollama, the models are
simulated on this machine, and a line on the standard error output says so.

  --simulated         simulate the models, key or not; the program sees no key
  --real              never simulate them
  --studio[=address]  show it in Studio, as init({ studio }) does: in one of its
                      own, or in one that runs`

export const run: Command = {
  name: 'run',
  summary: 'run a program: agentscope run hello.ts (without a key its models are simulated)',
  help,
  own: (given) => given.slice(0, fileAt(given)),
  async run(given) {
    const at = fileAt(given)
    const { values } = parseArgs({
      args: given.slice(0, at).map((each) => (each === '--studio' ? '--studio=' : each)),
      options: {
        simulated: { type: 'boolean', default: false },
        real: { type: 'boolean', default: false },
        studio: { type: 'string' },
      },
    })
    const [file, ...rest] = given.slice(at)
    if (file === undefined) throw new UsageError('Which file? Write agentscope run <file.ts>.')
    await checkFile(file)
    if (values.simulated && values.real) throw new UsageError('Give --simulated or --real, not both.')
    const isSimulated = values.simulated || (!values.real && (await nothingReal()))
    const program = { file, arguments: rest }
    return inStudio(values.studio, process.env, (env) => {
      return isSimulated ? runSimulated(program, env) : ended(start(program, env))
    })
  },
}

interface Program {
  file: string
  arguments: readonly string[]
}

/** Where our own options end. */
function fileAt(given: readonly string[]): number {
  const at = given.findIndex((each) => !each.startsWith('-'))
  return at < 0 ? given.length : at
}

async function nothingReal(): Promise<boolean> {
  if (realVariable(process.env) !== undefined) return false
  const { names } = await ollamaModels(process.env)
  if (names.length > 0) return false
  complain('No key and no Ollama found: the models are simulated.')
  return true
}

/** With an address, in the Studio there; with `''`, in one of its own; undefined: in none. */
async function inStudio(
  address: string | undefined,
  environment: NodeJS.ProcessEnv,
  act: (environment: NodeJS.ProcessEnv) => Promise<number>,
): Promise<number> {
  if (address === undefined) return act(environment)
  // The standard output is the program's.
  const own = address === '' ? await openOwnStudio({ tell: complain }) : undefined
  try {
    return await act({ ...environment, [studioVariable]: own?.url ?? address })
  } finally {
    await own?.close()
  }
}

async function runSimulated(program: Program, environment: NodeJS.ProcessEnv): Promise<number> {
  const simulated: Simulator = await simulator({
    models: { '*': improvise },
    ...(process.stdout.isTTY && { pace: livelyPace }),
  })
  try {
    return await ended(start(program, simulatedEnvironment(environment, simulated)))
  } finally {
    await simulated.close()
  }
}

function start({ file, arguments: rest }: Program, env: NodeJS.ProcessEnv): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const preload = new URL(`../cli/run-program.${extension}`, import.meta.url).href
  return spawn(process.execPath, ['--import', preload, file, ...rest], { stdio: 'inherit', env })
}
