// Frames over plain HTTP, for where a proxy lets no WebSocket through: one long answer comes in, requests go out.
import * as http from 'node:http'
import * as https from 'node:https'
import type { Socket } from 'node:net'
import type { Channel, ChannelEvents, ChannelTarget } from './channel.ts'

/** Frames are told apart by an empty line. */
export const frameEnd = '\n\n'
export const framesType = 'application/x-ndjson'

/** So much goes into one request, if one frame alone is not more; characters. */
const mostCharacters = 1 << 20

export function postsChannel(target: ChannelTarget, events: ChannelEvents): Channel {
  return new PostsChannel(target, events)
}

class PostsChannel implements Channel {
  readonly #address: URL
  readonly #headers: Record<string, string>
  readonly #events: ChannelEvents
  readonly #agent: http.Agent
  readonly #stream: http.ClientRequest
  readonly #sockets = new Set<Socket>()
  readonly #timer: NodeJS.Timeout
  #waiting: string[] = []
  #received = ''
  #isOpen = false
  #isOver = false
  #isPosting = false
  #isHeld = false

  constructor({ url, headers, connectMs }: ChannelTarget, events: ChannelEvents) {
    this.#address = new URL(url.replace(/^ws/, 'http'))
    this.#address.searchParams.set('session', crypto.randomUUID())
    this.#headers = headers
    this.#events = events
    this.#agent = new (this.#address.protocol === 'https:' ? https : http).Agent({ keepAlive: true })
    this.#timer = setTimeout(() => this.#end('no answer'), connectMs)
    this.#stream = this.#request('GET', (response) => {
      response.setEncoding('utf8')
      response.on('data', (piece: string) => this.#read(piece))
      response.on('close', () => this.#end('the connection was closed'))
    })
    this.#stream.end()
  }

  send(text: string): void {
    this.#waiting.push(text)
    this.#post()
  }

  ping(): void {
    // A request that is under way is answered, or the other side is not there.
    if (!this.#isPosting) this.send('')
  }

  close(): void {
    this.#end('it was closed here')
  }

  terminate(): void {
    this.#end('the connection was closed')
  }

  hold(held: boolean): void {
    this.#isHeld = held
    for (const socket of this.#sockets) this.#apply(socket)
  }

  #apply(socket: Socket): void {
    if (this.#isHeld || !this.#isOpen) socket.ref()
    else socket.unref()
  }

  #request(method: 'GET' | 'POST', answered: (response: http.IncomingMessage) => void): http.ClientRequest {
    const { request } = this.#address.protocol === 'https:' ? https : http
    const kind = method === 'GET' ? { accept: framesType } : { 'content-type': framesType }
    const sent = request(this.#address, { method, headers: { ...this.#headers, ...kind }, agent: this.#agent })
    sent.on('socket', (socket) => {
      if (!this.#sockets.has(socket)) socket.once('close', () => this.#sockets.delete(socket))
      this.#sockets.add(socket)
      this.#apply(socket)
    })
    sent.on('error', (error) => this.#end(error.message))
    sent.on('response', (response) => {
      const { statusCode = 0 } = response
      if (statusCode === (method === 'GET' ? 200 : 204)) answered(response)
      else this.#end(`the server answered ${statusCode}`)
    })
    return sent
  }

  /** One request after the other, so that frames arrive in order. */
  #post(): void {
    if (this.#isPosting || this.#isOver || !this.#isOpen || this.#waiting.length === 0) return
    this.#isPosting = true
    const sent = this.#request('POST', (response) => {
      response.resume().on('end', () => {
        this.#isPosting = false
        this.#events.alive()
        this.#post()
      })
    })
    sent.end(this.#take())
  }

  #take(): string {
    let [count, characters] = [0, 0]
    for (const frame of this.#waiting) {
      if (count > 0 && characters + frame.length > mostCharacters) break
      characters += frame.length
      count += 1
    }
    return this.#waiting.splice(0, count).join(frameEnd)
  }

  /** It is open with the first word: a proxy that keeps the answer to itself is as good as none. */
  #read(piece: string): void {
    clearTimeout(this.#timer)
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#events.opened()
    }
    this.#events.alive()
    const frames = (this.#received + piece).split(frameEnd)
    this.#received = frames.pop() ?? ''
    for (const frame of frames) if (frame !== '' && !this.#isOver) this.#events.heard(frame)
  }

  #end(why: string): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#stream.destroy()
    this.#agent.destroy()
    this.#events.closed(why)
  }
}
