// How a server of OpenAI's wire tells of tool calls: indexes, ids, names and arguments, piece by piece.
import { type Fields, fieldsOf } from '../core/kind.ts'
import type { Note } from './quirk.ts'

interface Call {
  id: string
  name: string
  pieces: number
  text: string
  isObject: boolean
}

export class CallQuirks {
  readonly #note: Note
  readonly #calls = new Map<string, Call>()
  /** The call that a place stands for by now. */
  readonly #latest = new Map<string, string>()
  #lastPlace = ''

  constructor(note: Note) {
    this.#note = note
  }

  get seen(): number {
    return this.#calls.size
  }

  add(piece: Fields): void {
    const { name, arguments: given } = fieldsOf(piece['function'])
    const { id, index } = piece
    if (index === undefined || index === null) this.#note('call-no-index')
    if (this.#calls.size === 0 && typeof index === 'number' && index > 0) this.#note('call-index-from-1')
    const isNew = typeof name === 'string' && name !== ''
    const call = this.#callOf(index, typeof id === 'string' ? id : '', isNew)
    this.#identity(call, id, name)
    this.#arguments(call, given)
  }

  /** By index where there is one; another id with a name of its own begins another call all the same. */
  #callOf(index: unknown, id: string, isNew: boolean): Call {
    const place = typeof index === 'number' ? String(index) : id || this.#lastPlace || 'only'
    let key = this.#latest.get(place) ?? place
    const known = this.#calls.get(key)
    if (known !== undefined && isNew && id !== '' && known.id !== '' && known.id !== id) {
      this.#note('call-same-index')
      key = `${place} ${id}`
    }
    this.#lastPlace = place
    this.#latest.set(place, key)
    const call = this.#calls.get(key) ?? { id: '', name: '', pieces: 0, text: '', isObject: false }
    this.#calls.set(key, call)
    return call
  }

  #identity(call: Call, id: unknown, name: unknown): void {
    if (id === '' || name === '') this.#note('call-empty-id')
    if (typeof id === 'string' && id !== '') {
      if (call.id === id) this.#note('call-id-repeated')
      call.id ||= id
    }
    if (typeof name === 'string' && name !== '') {
      if (call.name === name) this.#note('call-name-repeated')
      if (call.name === '' && call.text !== '') this.#note('call-arguments-first')
      call.name ||= name
    }
  }

  #arguments(call: Call, given: unknown): void {
    if (given === null) return this.#note('call-arguments-null')
    if (typeof given === 'object') {
      call.isObject = true
      return this.#note('call-arguments-object')
    }
    if (typeof given !== 'string' || given === '') return
    if (call.text.trim() === '{}' && given.trimStart().startsWith('{')) {
      this.#note('call-placeholder-arguments')
      call.text = ''
    }
    call.pieces += 1
    call.text += given
  }

  /** `cut`: a limit ended the reply, so that half an argument text is nobody's fault. */
  end(cut: boolean): void {
    for (const call of this.#calls.values()) {
      if (call.id === '') this.#note('call-no-id')
      if (call.isObject) continue
      if (call.text === '') this.#note('call-empty-arguments')
      else this.#textOf(call, cut)
    }
  }

  #textOf({ text, pieces }: Call, cut: boolean): void {
    if (pieces === 1 && text.length > 2) this.#note('call-whole-arguments')
    if (cut || parses(text)) return
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    this.#note(parses(text.replace(/[\u0000-\u001f]/g, ' ')) ? 'call-raw-control' : 'call-broken-arguments')
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
