// A real MCP server with tools for every case of the tests; the same over stdio and over HTTP.
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'

type Extra = Parameters<Parameters<Server['setRequestHandler']>[1]>[1]
type Answer = Record<string, unknown>

interface Described {
  about: Record<string, unknown>
  run(input: Record<string, unknown>, extra: Extra): Answer | Promise<Answer>
}

const trip = {
  type: 'object',
  properties: {
    to: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    days: { type: 'array', items: { type: 'integer' } },
  },
  required: ['to', 'days'],
}

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=='

const say = (text: string): Answer => ({ content: [{ type: 'text', text }] })

/** `secretWord` is something that the server knows of the client and, being careless, tells. */
export function testServer(secretWord = ''): Server {
  const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: { listChanged: true } } })
  const cancelled: string[] = []
  const heard = Promise.withResolvers<void>()
  const tools: Record<string, Described> = {
    book: { about: { description: 'Books a trip.', inputSchema: trip }, run: (input) => say(JSON.stringify(input)) },
    'files.read': { about: { annotations: { readOnlyHint: true } }, run: () => say('read') },
    files_read: { about: {}, run: () => say('the other') },
    picture: {
      about: {},
      run: () => ({
        content: [
          { type: 'text', text: 'A dot.' },
          { type: 'image', data: dot, mimeType: 'image/png' },
        ],
      }),
    },
    recording: { about: {}, run: () => ({ content: recording }) },
    fail: { about: {}, run: () => ({ ...say(`no paper for ${secretWord}`), isError: true }) },
    tell: { about: {}, run: () => say(`it was ${secretWord}`) },
    structured: { about: {}, run: () => ({ content: [], structuredContent: { degrees: 21 } }) },
    resources: { about: {}, run: () => ({ content: resources }) },
    count: {
      about: {},
      async run(_, extra) {
        for (const progress of [1, 2, 3]) await tellProgress(extra, { progress, total: 3 })
        return say('counted')
      },
    },
    wait: {
      about: {},
      async run(_, extra) {
        const stopped = new Promise<void>((resolve) => extra.signal.addEventListener('abort', () => resolve()))
        await tellProgress(extra, { progress: 0, message: 'waiting' })
        await stopped
        cancelled.push('wait')
        heard.resolve()
        return say('never read')
      },
    },
    cancelled: { about: {}, run: async () => heard.promise.then(() => say(cancelled.join())) },
    die: {
      about: {},
      run() {
        process.stderr.write(`out of paper ${secretWord}\n`, () => process.exit(3))
        return new Promise<never>(() => {})
      },
    },
    learn: {
      about: {},
      async run() {
        tools['learned'] = { about: {}, run: () => say('I know') }
        await server.sendToolListChanged()
        return say('learned')
      },
    },
    refuse: {
      about: {},
      run: () => Promise.reject(Object.assign(new Error('no such page'), { code: 404, data: { page: 7 } })),
    },
    unreadable: {
      about: { inputSchema: { type: 'object', properties: { a: { $ref: '#/nowhere' } } } },
      run: () => say('ran'),
    },
  }
  server.setRequestHandler(ListToolsRequestSchema, (request) => {
    const all = Object.entries(tools).map(([name, { about }]) => ({ name, inputSchema: { type: 'object' }, ...about }))
    // Two pages, as a server with many tools would.
    return request.params?.cursor ? { tools: all.slice(5) } : { tools: all.slice(0, 5), nextCursor: 'more' }
  })
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = tools[params.name]
    if (tool === undefined) throw new Error(`no tool ${params.name}`)
    return tool.run(params.arguments ?? {}, extra as Extra)
  })
  return server
}

const resources = [
  { type: 'resource_link', uri: 'file:///etc/hosts', name: 'hosts', mimeType: 'text/plain' },
  { type: 'resource', resource: { uri: 'memo://1', text: 'a memo' } },
  { type: 'resource', resource: { uri: 'memo://2', blob: 'JVBERi0=', mimeType: 'application/pdf' } },
  { type: 'resource', resource: { uri: 'memo://3', blob: 'aGVsbG8=', mimeType: 'text/plain' } },
]

const recording = [
  { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
  { type: 'resource', resource: { uri: 'memo://film', blob: 'AAAA', mimeType: 'video/mp4' } },
  { type: 'resource', resource: { uri: 'memo://paper', blob: 'JVBERi0=', mimeType: 'application/pdf' } },
  { type: 'resource', resource: { uri: 'memo://bytes', blob: 'AAAA' } },
]

async function tellProgress(extra: Extra, progress: { progress: number; total?: number; message?: string }) {
  const progressToken = extra._meta?.progressToken
  if (progressToken === undefined) return
  await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, ...progress } })
}
