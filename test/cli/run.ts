// Runs the command line as a user does: in a pipe, or in a pseudo-terminal (util-linux `script`).
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

const program = resolve(import.meta.dirname, '../../bin/agentscope.mjs')

export const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') === true

export interface Run {
  /** Everything written so far, both outputs; in a pseudo-terminal with CRLF made LF. */
  readonly text: string
  type(text: string): void
  end(): void
  signal(name: NodeJS.Signals): void
  /** Resolves when `words` stand in what was written after the last words that were waited for. */
  shows(words: string): Promise<void>
  /** The exit code. */
  readonly exit: Promise<number | null>
}

export interface RunOptions {
  terminal?: boolean
  env?: Record<string, string>
  /** A file that takes the place of the standard output. */
  output?: string
  /** The working directory. Default: one that nothing is in. */
  cwd?: string
}

/** Where the history of what is typed goes. */
const state = mkdtempSync(join(tmpdir(), 'agentscope-state-'))
afterAll(() => rmSync(state, { recursive: true, force: true }))

/** Without any key, proxy or Ollama of the machine it runs on. */
const quiet = {
  PATH: process.env['PATH'] ?? '',
  OLLAMA_HOST: 'http://127.0.0.1:1',
  TERM: 'xterm',
  XDG_STATE_HOME: state,
  XDG_DATA_HOME: state,
}

const running = new Set<ChildProcessWithoutNullStreams>()

/** For `afterEach`: ends what a test left running. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}

export function run(
  args: readonly string[],
  { terminal = false, env = {}, output, cwd = state }: RunOptions = {},
): Run {
  const command = [process.execPath, program, ...args]
  const line = `exec ${command.map(quoted).join(' ')}`
  let [file, rest] = [command[0]!, command.slice(1)]
  if (terminal) [file, rest] = ['script', ['-qfec', line, '/dev/null']]
  else if (output !== undefined) [file, rest] = ['sh', ['-c', `${line} > ${quoted(output)}`]]
  const child = spawn(file, rest, { cwd, env: { ...quiet, ...env } })
  running.add(child)
  return watched(child)
}

function watched(child: ChildProcessWithoutNullStreams): Run {
  let text = ''
  let seen = 0
  let look = () => {}
  const hear = (chunk: string) => {
    text = (text + chunk).replaceAll('\r\n', '\n')
    look()
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
  child.stdin.on('error', () => {})
  const exit = new Promise<number | null>((done) => child.on('close', (code) => done(code)))
  void exit.then(() => running.delete(child))
  const shows = (words: string) =>
    new Promise<void>((done, fail) => {
      look = () => {
        const at = text.indexOf(words, seen)
        if (at < 0) return
        seen = at + words.length
        look = () => {}
        done()
      }
      look()
      void exit.then(() => fail(new Error(`It ended without ${JSON.stringify(words)}. It showed:\n${text}`)))
    })
  return {
    get text() {
      return text
    },
    type: (words) => void child.stdin.write(words),
    end: () => void child.stdin.end(),
    signal: (name) => void child.kill(name),
    shows,
    exit,
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
