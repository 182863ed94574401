// One run being kept: the sink that writes what is spoken, asked and answered into the run's directory.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StreamEvent } from '../core/event.ts'
import { redact } from '../core/redact.ts'
import type { RunIdentity } from '../core/run-name.ts'
import { safeJson } from '../core/safe-json.ts'
import { version } from '../core/version.ts'
import type { ModelInvocation, Sink, Speaker } from '../scope.ts'
import { Appender } from './appender.ts'
import { chatLine } from './chat-line.ts'
import { invocationFile, invocationRecord } from './invocation-record.ts'
import { eventEntry, type LogEntry, logLine, messageEntry, refusalEntry } from './log-entry.ts'
import { type Heard, OpenMessages } from './open-messages.ts'
import { makeRunDirectory } from './run-directory.ts'

export interface RunOptions {
  /** Where run directories are made. */
  saveDir: string | URL
  project: string
  name: string
  /** Whether `logging.chat` and `logging.log` are written. Default true. */
  saveLog?: boolean | undefined
  /** Whether each question to a model is written into a file of its own. Default false. */
  saveApiInvoke?: boolean | undefined
  /** What must not be written, in every form that it may have; asked each time, for it may grow. Default: nothing. */
  secrets?: (() => readonly string[]) | undefined
}

interface Keeps {
  saveLog: boolean
  saveApiInvoke: boolean
}

export interface Run {
  readonly identity: RunIdentity
  readonly sink: Sink
}

/**
 * Makes the directory and its `.config`, and hears from then on. Closing the sink waits until everything is written.
 *
 * @throws ConfigError when the directory cannot be made.
 */
export function openRun(options: RunOptions): Run {
  const { project, name, saveLog = true, saveApiInvoke = false, secrets = () => [] } = options
  const at = new Date()
  const { runId, path } = makeRunDirectory(options.saveDir, name, at)
  const config = { project, name, runId, pid: process.pid, timestamp: at.toISOString(), version }
  writeFileSync(join(path, '.config'), `${safeJson(config, secrets(), 2)}\n`)
  if (saveApiInvoke) mkdirSync(join(path, 'invoke'))
  const identity = { project, name, runId, runDirectory: path }
  return { identity, sink: new RunSink(new Appender(path), secrets, { saveLog, saveApiInvoke }) }
}

class RunSink implements Sink {
  readonly #files: Appender
  readonly #secrets: () => readonly string[]
  readonly #keeps: Keeps
  readonly #messages = new OpenMessages()

  constructor(files: Appender, secrets: () => readonly string[], keeps: Keeps) {
    this.#files = files
    this.#secrets = secrets
    this.#keeps = keeps
  }

  event(speaker: Speaker, event: StreamEvent): void | Promise<void> {
    if (!this.#keeps.saveLog) return
    const ended = this.#messages.hear(speaker, event)
    return ended === undefined ? this.#log(eventEntry(speaker, event)) : this.#ended(ended)
  }

  invocation(invocation: ModelInvocation): void | Promise<void> {
    if (this.#keeps.saveLog) this.#log(refusalEntry(invocation))
    if (!this.#keeps.saveApiInvoke) return
    const record = safeJson(invocationRecord(invocation), this.#secrets(), 2)
    return this.#files.append(join('invoke', invocationFile(invocation)), `${record}\n`)
  }

  async close(): Promise<void> {
    for (const heard of this.#messages.takeUnended()) this.#log(messageEntry(heard))
    await this.#files.flushed()
  }

  #ended(heard: Heard): void | Promise<void> {
    const waiting = this.#log(messageEntry(heard))
    if (!heard.message.ending?.complete) return waiting
    return this.#files.append('logging.chat', `${safeJson(chatLine(heard.message), this.#secrets())}\n`)
  }

  #log(entry: LogEntry | undefined): void | Promise<void> {
    if (entry === undefined) return
    const text = redact(entry.text, this.#secrets())
    return this.#files.append('logging.log', logLine({ ...entry, text }, new Date()))
  }
}
