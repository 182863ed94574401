// `agentscope replay`: a recorded run once more in the terminal, at the speed at which it happened.
import { ReplayPace } from '../journal/index.ts'
import { terminal } from '../terminal/index.ts'
import { type Command, complain, print } from './command.ts'
import { type ReplayOptions, readReplayOptions } from './replay-options.ts'
import { play } from './replay-player.ts'
import { findRun, isExport, openRunsFiles, type RecordedRun, type RunsFile, readExport } from './replay-source.ts'

const help = `Usage: agentscope replay [run] [options]

Plays a recorded run in the terminal at its real speed, until its end or Ctrl-C. Without a run it lists the newest ones.
A run is the beginning of its id, or a file that Studio exported.

  --speed <n>      how many times as fast: 2, 10, 0.5; "max" waits for nothing. Default: 1
  --max-pause <t>  shortens longer pauses to this: 5s, 500ms, 2min, none. Default: 5s
  --data <file>    the SQLite file of a Studio, which may be running. Default: this project's
                   (.agentscope/studio.sqlite, of the demo), and $XDG_DATA_HOME/agentscope/studio.sqlite`

/** So many are listed. */
const listed = 20

export const replay: Command = {
  name: 'replay',
  summary: 'a recorded run once more, at its real speed',
  help,
  async run(given) {
    const options = readReplayOptions(given)
    if (options.run !== undefined && isExport(options.run)) return playRun(readExport(options.run), options)
    const files = openRunsFiles(options.data)
    try {
      if (options.run !== undefined) return await playRun(findRun(files, options.run), options)
      list(files)
      return 0
    } finally {
      for (const { runs } of files) runs.close()
    }
  },
}

/** Gives the exit code. */
async function playRun({ id, facts, records }: RecordedRun, { speed, maxPauseMs }: ReplayOptions): Promise<number> {
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.on('SIGINT', interrupt)
  const screen = terminal()
  complain(`Replay of ${id} (${whenOf(facts.startedAt)}), ${speedWords(speed)}. Ctrl-C ends it.`)
  try {
    await play(records, new ReplayPace({ speed, maxPauseMs }), screen, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    process.off('SIGINT', interrupt)
    screen.close()
  }
  if (stop.signal.aborted) return 130
  if (facts.endedAt === undefined) complain('The run was not over when this was recorded.')
  return 0
}

function speedWords(speed: number): string {
  if (speed === Number.POSITIVE_INFINITY) return 'without waiting'
  return speed === 1 ? 'at its real speed' : `${speed}× as fast`
}

function list(files: readonly RunsFile[]): void {
  if (files.length === 0)
    complain('There is no file of a Studio yet: npm start makes one, and so does agentscope studio.')
  for (const { path, runs } of files) {
    print(path)
    const ids = runs.ids().slice(0, listed)
    const longest = Math.max(0, ...ids.map((id) => id.length))
    for (const id of ids) print(`  ${id.padEnd(longest)}  ${rowOf(runs.facts(id))}`)
    if (ids.length === 0) print('  no runs')
  }
}

function rowOf({ name = '', startedAt, status = 'running', endedAt }: RecordedRun['facts']): string {
  const isOpen = endedAt === undefined && status === 'running'
  return `${whenOf(startedAt)}  ${(isOpen ? 'not over' : status).padEnd(8)}  ${name}`
}

/** `2026-11-22 14:19`, in local time. */
function whenOf(startedAt: string | undefined): string {
  if (startedAt === undefined) return 'no date'
  const at = new Date(startedAt)
  const two = (count: number) => String(count).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}
