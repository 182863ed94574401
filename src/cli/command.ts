// What a command of the command line is, and how it tells what went wrong.
import { AgentScopeError } from '../core/error.ts'

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly help: string
  /** Those of the arguments that are the command's own; others are a program's. Default: all. */
  own?(given: readonly string[]): readonly string[]
  /** Resolves to the exit code. */
  run(given: string[]): Promise<number>
}

/** The command line itself is wrong: told without a stack, exit code 2. */
export class UsageError extends Error {}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Whether a person sits at a keyboard and a screen. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

/** What happened, and what to do about it. The stack only with `DEBUG` set. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (process.env['DEBUG'] && error.stack) return error.stack
  const advice = error instanceof AgentScopeError ? error.advice : undefined
  return advice === undefined ? error.message : `${error.message}\n${advice}`
}

/** Whether this is what `parseArgs` throws for an option it does not know or that lacks its value. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('ERR_PARSE_ARGS')
}
