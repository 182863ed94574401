// Opens a Studio: its data, its server, its doors for tabs and programs; and closes all of them.
import { ConfigError } from '../../core/error.ts'
import type { Journals } from '../../journal/journal.ts'
import { memoryJournals } from '../../journal/memory.ts'
import { sqliteJournals } from '../../journal/sqlite.ts'
import type { Answers } from './answers.ts'
import { clientFolder } from './client-folder.ts'
import { openDoors } from './doors.ts'
import { type Listening, listen } from './listening.ts'
import { openRoom } from './room.ts'
import { allowedHosts, isLoopback, written } from './security.ts'
import type { Settings } from './settings.ts'
import { newToken } from './token.ts'

export interface StudioOptions {
  /** 0 takes any. Default: 3000, or the next free one. */
  port?: number | undefined
  /** Default: 127.0.0.1 and ::1. Any other address needs a token. */
  host?: string | undefined
  /** A SQLite file for the journals; the index lies beside it, as `<name>.index`. Default: all is kept in memory. */
  data?: string | undefined
  /** `false`: whoever reaches the port may come in. Default: a random one, the same at each start with the same data. */
  token?: string | false | undefined
  /** The folder of the built client. */
  client?: string | undefined
}

export interface Studio {
  /** The address to open, with the token in its fragment. */
  readonly url: string
  readonly port: number
  readonly token: string | undefined
  /** Where programs of this process write their runs. Whoever opened the Studio does not close them. */
  readonly journals: Journals
  readonly answers: Answers
  /** How many tabs are open. */
  readonly tabs: number
  /** Closes the connections, the server and the data. A second call waits for the same. */
  close(): Promise<void>
}

/** @throws ConfigError when the address or the file cannot be had, or an open address is asked for without a token. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const { host, data } = options
  // Node takes an empty address for every one of this machine.
  if (host === '')
    throw new ConfigError('The address to listen at is empty.', { advice: 'Leave out --host, or name one.' })
  if (options.token === false && host !== undefined && !isLoopback(host)) {
    throw new ConfigError(`Studio at ${host} needs a token: everybody on the network could read and stop runs.`, {
      advice: 'Leave out --no-token, or leave out --host.',
    })
  }
  const journals = data === undefined ? memoryJournals() : sqliteJournals(data)
  try {
    return await opened(options, journals)
  } catch (error) {
    await journals.close()
    throw error
  }
}

async function opened(options: StudioOptions, own: Journals): Promise<Studio> {
  const { host, data } = options
  const room = await openRoom(own, data, (settings) => {
    return { hosts: allowedHosts(host), token: tokenOf(options.token, settings) }
  })
  const doors = openDoors(room, options.client ?? clientFolder())
  let listening: Listening
  try {
    listening = await listen(doors.server, host, options.port)
  } catch (error) {
    await room.close()
    throw error
  }
  let closing: Promise<void> | undefined
  const close = () => (closing ??= doors.close(listening).then(room.close))
  const { journals, answers, guard } = room
  const { port } = listening
  return {
    url: addressOf(host, port, guard.token),
    port,
    token: guard.token,
    journals,
    answers,
    get tabs() {
      return room.hub.tabs
    },
    close,
  }
}

/** Kept beside the data, so that tabs and programs find the door open after a restart. */
function tokenOf(given: string | false | undefined, settings: Settings): string | undefined {
  if (given === false) return undefined
  const token = given ?? settings.value('token') ?? newToken()
  if (given === undefined) settings.keep('token', token)
  return token
}

function addressOf(host: string | undefined, port: number, token: string | undefined): string {
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::'
  const address = `http://${isEverywhere ? 'localhost' : written(host)}:${port}/`
  return token === undefined ? address : `${address}#token=${token}`
}
