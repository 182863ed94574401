// What an earlier `agentscope record` left behind when it was killed: made into a cassette before the next one begins.
import { readFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf } from '../core/error.ts'
import { withWord, writeBeside } from './record-output.ts'
import { joinedCassettes, partsIn } from './record-parts.ts'

/** The folder of one recording: the id of its process tells whether it still goes on. */
export function partsFolder(output: string): string {
  return `${output}.parts-${process.pid}`
}

/** A line for each recording to that output that was killed: where it is now, or why it stays where it was. */
export async function rescued(output: string): Promise<string[]> {
  const beginning = `${basename(output)}.parts-`
  const names = await readdir(dirname(output)).catch(() => [])
  const left = names.filter((name) => name.startsWith(beginning) && /^\d+$/.test(name.slice(beginning.length)))
  const lines = await Promise.all(left.map((name) => rescuedFrom(join(dirname(output), name), output)))
  return lines.filter((line) => line !== '')
}

async function rescuedFrom(folder: string, output: string): Promise<string> {
  const recorder = Number(/\d+$/.exec(folder)?.[0])
  if (recorder !== process.pid && isAlive(recorder)) return ''
  try {
    // A program may outlive its recorder, and goes on writing its part.
    const writers = (await readdir(folder)).map((name) => Number.parseInt(name, 10))
    if (writers.some((writer) => writer > 0 && isAlive(writer))) {
      return `A recording to ${output} was killed, and its program still runs: what it records is in ${folder}`
    }
    const cassette = joinedCassettes(await partsIn(folder))
    const count = cassette.exchanges.length
    const place = count === 0 ? '' : await writeBeside(withWord(output, '.rescued'), cassette, folder)
    await rm(folder, { recursive: true })
    return count === 0 ? '' : `An earlier recording to ${output} was killed; what it had kept (${count}) is in ${place}`
  } catch (error) {
    return `An earlier recording to ${output} was killed, and cannot be put together: ${messageOf(error)} Its parts are in ${folder}`
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0) && !isWaitedFor(id)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether it has ended, and only its parent has not asked for how: in a container, whose first process seldom asks. */
function isWaitedFor(id: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${id}/stat`, 'utf8'))
  } catch {
    return false
  }
}
