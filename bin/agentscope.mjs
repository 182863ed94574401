#!/usr/bin/env node
// The `agentscope` command. Plain JavaScript for Node 20 and later: finds a Node that is new enough, then the program.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'src', 'cli', 'main.ts')
// Node runs no TypeScript inside node_modules: an installed package always brings the built program.
const installed = root.split(sep).includes('node_modules')
const program = existsSync(source) && !installed ? source : join(root, 'dist', 'cli', 'main.js')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 18)) {
  await import(pathToFileURL(program).href)
} else {
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(node)) {
    process.exitCode = await ranBy(node)
  } else {
    process.exitCode = withoutNode(process.argv[2] ?? '--help')
  }
}

/** Runs the program by another Node: signals go to it, and its end is ours. Gives the exit code. */
function ranBy(node) {
  // In a terminal Ctrl-C reaches the program by itself; sent twice it would count as twice.
  const isShared = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && isShared ? undefined : child.kill(signal)))
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`Could not start ${node}: ${error.message}\n`)
      resolve(1)
    })
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

/** What can be told without the program; gives the exit code. */
function withoutNode(asked) {
  const clone = program === source
  const remedy = clone ? ' `npm start` or `npm ci` in this folder brings a fitting one along.' : ''
  const needs = `agentscope needs Node 22.18 or later; this is ${process.versions.node}.${remedy}\n`
  if (asked === '--version' || asked === '-v') {
    process.stdout.write(`${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`)
    return 0
  }
  if (asked === '--help' || asked === '-h' || asked === 'help') {
    process.stdout.write(
      `Usage: agentscope <command> [options]\n\nThe commands: ${join(root, 'docs', 'command-line.md')}\n\n${needs}`,
    )
    return 0
  }
  process.stderr.write(needs)
  return 1
}
