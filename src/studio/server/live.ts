// The sockets of a Studio: tabs, and programs that send their runs from elsewhere; and what people want of those.
import { isNestedDeeper } from '../../core/json-depth.ts'
import { type IngestSocket, serveIngest } from '../../journal/ingest.ts'
import type { Journals } from '../../journal/journal.ts'
import { answerProblem } from './answer-check.ts'
import type { Answers } from './answers.ts'
import { maxBodyDepth } from './bodies.ts'
import type { HubCommands, LiveHub } from './hub.ts'
import type { Lives } from './lives.ts'
import { type Opened, onText, type SocketRoutes } from './sockets.ts'

export interface LiveParts {
  hub: LiveHub
  journals: Journals
  answers: Answers
  lives: Lives
}

/** Of the name of a tab, in UTF-16 units. */
const longestName = 60

/** What `/live` and `/ingest` do with a socket. */
export function socketRoutes(parts: LiveParts): SocketRoutes {
  return { '/live': (opened) => serveTab(parts.hub, opened), '/ingest': (opened) => serveSocket(parts, opened) }
}

/** `name` in the query is what the tab calls itself; by that others see who answered. */
function serveTab(hub: LiveHub, { socket, url }: Opened): void {
  const name = (url.searchParams.get('name') ?? '').trim().slice(0, longestName)
  const connection = {
    send: (text: string) => socket.send(text),
    bufferedAmount: () => socket.bufferedAmount,
    close: () => socket.close(1001),
  }
  const client = hub.connect(connection, name === '' ? {} : { name })
  onText(socket, (text) => {
    // What is nested so deeply that it cannot be read is no frame, and is answered as such.
    client.receive(isNestedDeeper(text, maxBodyDepth) ? '' : text)
  })
  socket.on('close', () => client.close())
}

/** A program's connection. `run` in the query says whose records they are. */
function serveSocket(parts: LiveParts, { socket, url }: Opened): void {
  const run = url.searchParams.get('run') ?? ''
  if (run === '' || run.length > 200) return socket.close(1008, 'Name the run: /ingest?run=<id>')
  serveProgram(parts, run, {
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (hear) => onText(socket, hear),
    onClose: (hear) => void socket.on('close', hear),
  })
}

/** Takes the records of that run, whatever carries them; the run is lost when the connection ends without a word. */
export function serveProgram({ journals, answers, lives }: LiveParts, run: string, socket: IngestSocket): void {
  const onClose = (hear: () => void) =>
    socket.onClose(() => {
      hear()
      lives.went(run)
    })
  const commands = (of: string, signal: AbortSignal) => answers.commands(of, signal)
  serveIngest({ run, journals, socket: { ...socket, onClose }, commands })
  lives.came(run)
}

/** What people at tabs want, handed to the program of that run. */
export function hubCommands(answers: Answers): HubCommands {
  const handed = (isHeard: boolean) => (isHeard ? 'ok' : 'away')
  return {
    stop: (run, replyId) => {
      const about = replyId === undefined ? {} : { replyId }
      return handed(answers.command(run, { type: 'stop', ...about, reason: 'stopped in Studio' }))
    },
    steer: (run, agentId, text, when) => {
      return handed(answers.command(run, { type: 'steer', agentId, text, ...(when !== undefined && { when }) }))
    },
    answer: async (run, requestId, key, value, by) => {
      const waiting = answers.waiting(run, requestId)
      const problem = waiting && (await answerProblem(waiting, value))
      // Somebody may have been first meanwhile, which is said then.
      return problem !== undefined && answers.waiting(run, requestId) !== undefined
        ? ['invalid', problem]
        : answers.answer(run, requestId, key, value, by)
    },
  }
}
