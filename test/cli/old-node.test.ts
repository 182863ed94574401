// The command on a Node that is too old, when no other one lies beside it: what it can still tell.
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const project = resolve(import.meta.dirname, '../..')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agentscope-'))
  for (const part of ['clone', 'node_modules/agentscope']) {
    await mkdir(join(folder, part, 'bin'), { recursive: true })
    await mkdir(join(folder, part, 'src/cli'), { recursive: true })
    for (const file of ['bin/agentscope.mjs', 'package.json']) {
      await copyFile(join(project, file), join(folder, part, file))
    }
    await writeFile(join(folder, part, 'src/cli/main.ts'), 'throw new Error("this Node is too old for it")')
  }
})

afterAll(() => rm(folder, { recursive: true }))

/** Runs it on this Node, which says of itself that it is an old one. */
function ran(part: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})'
  const command = ['--import', old, join(folder, part, 'bin/agentscope.mjs'), ...args]
  return new Promise((done) => {
    execFile(process.execPath, command, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

it('inside a clone it says what brings a fitting Node', async () => {
  const { code, stdout, stderr } = await ran('clone', 'demo')
  expect(stderr).toBe(
    'agentscope needs Node 22.18 or later; this is 20.20.2. `npm start` or `npm ci` in this folder brings a fitting one along.\n',
  )
  expect([code, stdout]).toEqual([1, ''])
})

it('as an installed package it says which Node it needs', async () => {
  const { code, stderr } = await ran('node_modules/agentscope', 'demo')
  expect([code, stderr]).toEqual([1, 'agentscope needs Node 22.18 or later; this is 20.20.2.\n'])
})

it.each([
  ['--version', /^\d+\.\d+\.\d+\n$/],
  ['--help', /^Usage: agentscope <command>[\s\S]*demo, chat[\s\S]*needs Node 22\.18/],
])('%s works all the same', async (asked, words) => {
  const { code, stdout, stderr } = await ran('clone', asked)
  expect(stdout).toMatch(words)
  expect([code, stderr]).toEqual([0, ''])
})
