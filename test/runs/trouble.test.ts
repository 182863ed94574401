// What can go wrong with a disk harms nobody who speaks: one warning, and what could be written is there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Appender } from '../../src/runs/appender.ts'
import { warningsOf } from '../agents/listening.ts'
import { chatOf, eventsOf, fileOf, invocation, keptScope, ownDirectory, publish } from './kept-run.ts'

const say = (text: string) => eventsOf(`m-${text}`, (writer) => writer.text(text))

describe('a run whose directory', () => {
  it('was removed costs nobody a word, is told about once, and goes on when it is back', async () => {
    const scope = keptScope({ saveApiInvoke: true })
    const directory = scope.runDirectory ?? ''
    rmSync(directory, { recursive: true })
    const warnings = await warningsOf(async () => {
      for (let count = 0; count < 20; count += 1) await publish(scope, say(`lost ${count}`))
      await scope.invoked(invocation())
      await scope.close()
    })
    expect(warnings).toEqual([expect.stringMatching(/^The run directory run_\S+_dune cannot be written \(ENOENT\)/)])
    expect(existsSync(directory)).toBe(false)
    mkdirSync(directory)
    await publish(scope, say('back'))
    await scope.close()
    await expect.poll(() => chatOf(scope)).toMatchObject([{ id: 'm-back' }])
  })

  it.skipIf(!existsSync('/dev/full'))('is full goes on with whole lines when there is room again', async () => {
    const scope = keptScope()
    const chat = join(scope.runDirectory ?? '', 'logging.chat')
    const flushed = async (text: string, lines: number) => {
      await publish(scope, say(text))
      await expect.poll(() => fileOf(scope, 'logging.log').split('\n').length - 1).toBe(lines)
    }
    await flushed('before', 1)
    renameSync(chat, `${chat}.kept`)
    symlinkSync('/dev/full', chat)
    const warnings = await warningsOf(() => flushed('lost', 2))
    unlinkSync(chat)
    renameSync(`${chat}.kept`, chat)
    await flushed('after', 3)
    await scope.close()
    expect(warnings).toEqual([expect.stringContaining('(ENOSPC)')])
    expect(chatOf(scope).map(({ id }) => id)).toEqual(['m-before', 'm-after'])
  })
})

describe('the writer', () => {
  it('asks nobody to wait as long as little is waiting, and then only until that is written', async () => {
    const directory = ownDirectory()
    const files = new Appender(directory)
    const path = join(directory, 'a')
    expect(files.append('a', 'x\n')).toBeUndefined()
    const waiting = files.append('a', `${'y'.repeat(2 << 20)}\n`)
    const behind = files.append('b', 'z\n')
    expect([waiting, behind]).toEqual([expect.any(Promise), expect.any(Promise)])
    await waiting
    expect(readFileSync(path).length).toBe(2 + (2 << 20) + 1)
    expect(files.append('a', 'x\n')).toBeUndefined()
    await files.flushed()
    expect(readFileSync(path, 'utf8').endsWith('y\nx\n')).toBe(true)
  })

  it('keeps the order in each file, however fast it is fed', async () => {
    const directory = ownDirectory()
    const files = new Appender(directory)
    for (let count = 0; count < 5000; count += 1) {
      files.append(count % 2 === 0 ? 'even' : 'odd', `${count}\n`)
      if (count % 700 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await files.flushed()
    for (const [name, first] of [
      ['even', 0],
      ['odd', 1],
    ] as const) {
      const numbers = readFileSync(join(directory, name), 'utf8').trimEnd().split('\n').map(Number)
      expect(numbers).toEqual(Array.from({ length: 2500 }, (_, index) => 2 * index + first))
    }
  })
})

describe('a program that does not close its scope', () => {
  const program = join(import.meta.dirname, 'unclosed.child.ts')

  it.each(['ends by itself', 'is killed'])('and %s leaves whole lines', async (end) => {
    const saveDir = ownDirectory()
    const child = spawn(process.execPath, [program, saveDir, end], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [first] = await once(child.stdout.setEncoding('utf8'), 'data')
    if (end === 'is killed') child.kill('SIGKILL')
    await once(child, 'close')
    const runDirectory = String(first).trim()
    const scope = { runDirectory } as ReturnType<typeof keptScope>
    const ids = chatOf(scope).map(({ id }) => id)
    expect(ids).toEqual(ids.map((_, index) => `m-${index}`))
    if (end === 'ends by itself') expect(ids).toHaveLength(100)
  })
})
