// The command on a Node that is too old, when no other one lies beside it: what it can still tell.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
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
  const command = ['--import', old, join(folder, part, 'bin/agentscope.mjs'), ...args]
  return new Promise((done) => {
    execFile(process.execPath, command, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

/** A clone with a Node of its own, whose program tells its id and what it is sent. */
async function withNode(): Promise<string> {
  const clone = await mkdtemp(join(folder, 'with-node-'))
  for (const part of ['bin', 'src/cli', 'node_modules/node/bin']) await mkdir(join(clone, part), { recursive: true })
  await copyFile(join(project, 'bin/agentscope.mjs'), join(clone, 'bin/agentscope.mjs'))
  await symlink(process.execPath, join(clone, 'node_modules/node/bin/node'))
  const program = `for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => process.exit(40 + name.length))
setInterval(() => {}, 1000)
if (process.argv[2] === 'dies') process.kill(process.pid, 'SIGKILL')
if (process.argv[2] === 'ends') process.exit(5)
console.log('ready', process.pid)
`
  await writeFile(join(clone, 'src/cli/main.ts'), program)
  return join(clone, 'bin/agentscope.mjs')
}

const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})'

it.each([
  ['SIGINT', 46],
  ['SIGTERM', 47],
  ['SIGHUP', 46],
] as const)('with a Node beside it, %s goes to the program, whose exit code is told', async (signal, code) => {
  const child = spawn(process.execPath, ['--import', old, await withNode()])
  const exit = once(child, 'exit')
  const [said] = await once(child.stdout, 'data')
  const program = Number(String(said).split(' ')[1])
  expect(program).not.toBe(child.pid)
  child.kill(signal)
  expect(await exit).toEqual([code, null])
  expect(() => process.kill(program, 0)).toThrow()
})

it.each([
  ['ends', 5],
  ['dies', 137],
])('a program that %s by itself: its result is told', async (asked, code) => {
  const child = spawn(process.execPath, ['--import', old, await withNode(), asked])
  expect(await once(child, 'exit')).toEqual([code, null])
})

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
  ['--help', /^Usage: agentscope <command>[\s\S]*command-line\.md[\s\S]*needs Node 22\.18/],
])('%s works all the same', async (asked, words) => {
  const { code, stdout, stderr } = await ran('clone', asked)
  expect(stdout).toMatch(words)
  expect([code, stderr]).toEqual([0, ''])
})
