// Frames over one WebSocket.
import type { Socket } from 'node:net'
import WebSocket from 'ws'
import type { Channel, ChannelEvents, ChannelTarget } from './channel.ts'

export function socketChannel({ url, headers, connectMs }: ChannelTarget, events: ChannelEvents): Channel {
  const socket = new WebSocket(url, { headers, handshakeTimeout: connectMs, perMessageDeflate: false })
  let tcp: Socket | undefined
  let why = 'the connection was closed'
  socket.on('upgrade', (response) => {
    tcp = response.socket
    tcp.setNoDelay(true)
  })
  socket.on('open', () => events.opened())
  socket.on('message', (data) => events.heard(String(data)))
  socket.on('pong', () => events.alive())
  socket.on('error', (error) => {
    why = error.message || ('code' in error ? String(error.code) : error.name)
  })
  socket.on('close', (code) => events.closed(code === 1006 || code === 1000 ? why : `${why}, code ${code}`))
  return {
    send: (text) => socket.send(text),
    ping: () => socket.ping(),
    close: () => {
      const wasOpen = socket.readyState === WebSocket.OPEN
      socket.close(1000)
      // A peer that does not answer the goodbye must not keep the process.
      tcp?.unref()
      if (!wasOpen) socket.terminate()
    },
    terminate: () => socket.terminate(),
    hold: (held) => void (held ? tcp?.ref() : tcp?.unref()),
  }
}
