// The provider of a crowd: `/crowd/<streams>/<ticks>` answers when so many have asked, then tells each the time every
// 20 ms. It writes to bare sockets, so that it costs little beside a thousand clients.
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { openaiFrame } from './frames.ts'

export const tickMs = 20

const head =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n'
const mark = '<the time>'
const [before = '', after = ''] = openaiFrame({ content: mark }).split(mark)

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

/** The time in microseconds on the clock that all processes of the machine share, and a space. */
function now(): string {
  return `${process.hrtime.bigint() / 1000n} `
}

const waiting: Socket[] = []

/** In twenty groups, one millisecond apart, so that not all write at once. */
function begin(sockets: Socket[], ticks: number): void {
  for (let group = 0; group < tickMs; group += 1) {
    const members = sockets.filter((_, index) => index % tickMs === group)
    if (members.length > 0) setTimeout(() => tell(members, ticks), group)
  }
}

function tell(sockets: Socket[], ticks: number): void {
  let told = 0
  const timer = setInterval(() => {
    if (told++ < ticks) {
      for (const socket of sockets) socket.write(chunk(`${before}${now()}${after}`), 'latin1')
      return
    }
    clearInterval(timer)
    const last = `${chunk(`${openaiFrame({}, 'stop')}data: [DONE]\n\n`)}0\r\n\r\n`
    for (const socket of sockets) socket.end(last)
  }, tickMs)
}

function greet(socket: Socket): void {
  let request = ''
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    if (request.endsWith('\r\n\r\n')) return
    request += bytes.toString('latin1')
    const end = request.indexOf('\r\n\r\n')
    if (end === -1) return
    const [, , streams = '', ticks = ''] = request.slice(0, end).split('/')
    request = '\r\n\r\n'
    socket.write(head + chunk(openaiFrame({ role: 'assistant', content: '' })))
    waiting.push(socket)
    if (waiting.length === Number(streams)) begin(waiting.splice(0), Number(ticks))
  })
}

if (import.meta.main) {
  const server = createServer(greet)
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  process.on('disconnect', () => process.exit(0))
}
