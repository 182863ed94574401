// A real program in a real (pseudo-)terminal that ends while two speak: what stands there afterwards.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { hasScript } from '../cli/run.ts'
import { Screen } from './screen.ts'

const program = resolve(import.meta.dirname, 'leaving.child.ts')
let child: ChildProcessWithoutNullStreams | undefined

afterEach(() => void child?.kill('SIGKILL'))

/** The screen when the program has ended; `seen` is called when both lanes stand there. */
async function screenAfter(how: string, seen: (pid: number) => void = () => {}): Promise<Screen> {
  const screen = new Screen(60, 12)
  const line = `stty cols 60 rows 12; echo $$; exec '${process.execPath}' '${program}' '${how}'`
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm' }
  child = spawn('script', ['-qfec', line, '/dev/null'], { env })
  let isSeen = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen.write(text)
    if (isSeen || !screen.visible.some((row) => row.includes('│'))) return
    isSeen = true
    seen(Number.parseInt(screen.lines[0] as string, 10))
  })
  await new Promise((done) => child?.on('close', done))
  return screen
}

describe.skipIf(!hasScript)('a program in a terminal', () => {
  it.each(['throws', 'exits', 'is over'])('that %s leaves what was said, and no lane', async (how) => {
    const screen = await screenAfter(how)
    expect(screen.lines.slice(1, 3)).toEqual(['Alice: Alice has begun [unfinished]', 'Bob: Bob has begun [unfinished]'])
    expect(screen.lines.some((line) => line.includes('│'))).toBe(false)
    expect([screen.isAtRest, screen.lines.join('\n').includes('A fault of the program')]).toEqual([
      true,
      how === 'throws',
    ])
  })

  it('that is killed by a signal does so, too', async () => {
    const screen = await screenAfter('is killed', (pid) => process.kill(pid, 'SIGTERM'))
    expect(screen.lines.slice(1)).toEqual(['Alice: Alice has begun [unfinished]', 'Bob: Bob has begun [unfinished]'])
    expect(screen.isAtRest).toBe(true)
  })
})
