// A person at a Studio that a command has opened: its real routes, its real WebSocket.
import { WebSocket } from 'ws'
import type { RunHead } from '../../src/studio/protocol/frames.ts'
import type { InboxAnswer, InboxItem } from '../../src/studio/protocol/rest.ts'

export interface StudioTab {
  read<Answer>(path: string): Promise<Answer>
  /** The first question that waits, as soon as one does. */
  question(): Promise<InboxItem>
  /** Gives the answer to it. Resolves with `ok`, or the code of the refusal. */
  answer(item: InboxItem, value: { content?: string; value?: unknown }): Promise<string>
  /** How a question was answered, once it was. */
  answered(requestId: string): Promise<InboxItem['answered']>
  run(): Promise<RunHead>
  close(): void
}

/** `shown` is what the command printed; the address with the token stands in it. */
export async function openTab(shown: string): Promise<StudioTab> {
  const [, port = '', token = ''] = /http:\/\/localhost:(\d+)\/#token=(\w+)/.exec(shown) ?? []
  const headers = { authorization: `Bearer ${token}` }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { headers })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const read = async <Answer>(path: string): Promise<Answer> => {
    return (await (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).json()) as Answer
  }
  const inbox = async (fits: (item: InboxItem) => boolean): Promise<InboxItem> => {
    for (;;) {
      const { requests } = await read<InboxAnswer>('/api/inbox')
      const found = requests.find(fits)
      if (found !== undefined) return found
      // A tab asks again when its list tells of something new.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return {
    read,
    question: () => inbox(({ answered }) => answered === undefined),
    answered: async (id) =>
      (await inbox(({ request, answered }) => request.id === id && answered !== undefined)).answered,
    run: async () => (await read<{ runs: RunHead[] }>('/api/runs')).runs[0] as RunHead,
    answer: ({ runId, request }, value) => verdict(socket, { run: runId, req: request.id, key: request.id, value }),
    close: () => socket.terminate(),
  }
}

function verdict(socket: WebSocket, answer: Record<string, unknown>): Promise<string> {
  return new Promise((resolve) => {
    socket.on('message', (data) => {
      for (const frame of [JSON.parse(String(data))].flat()) {
        if (frame.id === 7) resolve(frame.t === 'ok' ? 'ok' : frame.code)
      }
    })
    socket.send(JSON.stringify({ t: 'answer', id: 7, ...answer }))
  })
}
