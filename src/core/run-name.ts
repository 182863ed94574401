// How a run is called: by when it began and by its name.

/** What tells one run from another. */
export interface RunIdentity {
  /** What the run belongs to. Default: `default`. */
  readonly project: string
  /** Default: six random letters and digits. */
  readonly name: string
  /** `run_<YYYYmmdd-HHMMSS>_<name>`, in local time; AgentScope names its runs so. */
  readonly runId: string
  /** Where the run is written; `undefined` for one that nobody asked to keep. */
  readonly runDirectory: string | undefined
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => letters[byte % letters.length]).join('')
}

/** `20261122-110811`, in local time. */
export function timeStamp(at: Date): string {
  const two = (count: number) => String(count).padStart(2, '0')
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`
}

/** Text that can stand in the name of a file on any system, at most 50 characters. */
export function fileName(text: string): string {
  return [...text.replace(/[^\p{L}\p{M}\p{N}._-]/gu, '_')].slice(0, 50).join('')
}

export function runIdOf(name: string, at: Date): string {
  return `run_${timeStamp(at)}_${fileName(name)}`
}

/** A run that is written nowhere. */
export function nameRun(project = 'default', name = randomName()): RunIdentity {
  return { project, name, runId: runIdOf(name, new Date()), runDirectory: undefined }
}
