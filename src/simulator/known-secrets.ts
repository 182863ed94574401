// What is secret in the requests and answers seen so far, in all its forms, ready to be searched for.
import { secretForms } from '../core/redact.ts'

/** Shorter ones are no keys, and taking them out would garble ordinary words. */
const leastSecret = 6

/** What secrets are searched for with. */
export interface Searchable {
  readonly forms: readonly string[]
  readonly index: FormIndex
}

/** A key that one request used may come back to another: what is learned is known to all from then on. */
export class KnownSecrets implements Searchable {
  readonly #secrets = new Set<string>()
  #index: FormIndex | undefined
  /** The longest first. A new list whenever something has been learned. */
  forms: readonly string[] = []

  constructor(secrets: readonly string[] = []) {
    this.learn(secrets)
  }

  learn(secrets: readonly string[]): void {
    const fresh = secrets.filter((each) => each.length >= leastSecret && !this.#secrets.has(each))
    if (fresh.length === 0) return
    for (const each of fresh) this.#secrets.add(each)
    const added = secretForms(fresh).flatMap((form) => [form, withLowerEscapes(form)])
    this.forms = [...new Set([...this.forms, ...added])].sort((a, b) => b.length - a.length)
    this.#index = undefined
  }

  /** From an answer, or from inside text: a model's own words may be called like a credential and be none. */
  learnLikely(secrets: readonly string[]): void {
    this.learn(secrets.flatMap(credentialIn).filter((each) => /^\S{8,}$/.test(each) && !/^[a-z]+$/i.test(each)))
  }

  get index(): FormIndex {
    this.#index ??= new FormIndex(this.forms)
    return this.#index
  }
}

const schemes = /^(?:bearer|basic|token|digest|key|api-?key|aws4[\w-]*)$/i

/** The value and, where it names a scheme (`Bearer ...`), what stands behind that; of `Basic` what it says. */
export function credentialIn(value: string): string[] {
  const [scheme = '', ...rest] = value.trim().split(/\s+/)
  if (!schemes.test(scheme) || rest.length === 0) return [value]
  return [value, ...rest, ...(/^basic$/i.test(scheme) ? basicSecrets(rest.join(' ')) : [])]
}

function basicSecrets(value: string): string[] {
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return [pair, pair.slice(pair.indexOf(':') + 1)]
}

/** `%2B` may be written `%2b`. */
function withLowerEscapes(form: string): string {
  return form.replace(/%[0-9A-F]{2}/g, (each) => each.toLowerCase())
}

/** The forms as bytes, found by their first four. */
export class FormIndex {
  readonly #forms: readonly Buffer[]
  readonly #starts = new Uint8Array(256)
  readonly #byBeginning = new Map<number, Buffer[]>()

  constructor(forms: readonly string[]) {
    this.#forms = forms.map((form) => Buffer.from(form, 'utf8')).sort((a, b) => b.length - a.length)
    for (const form of this.#forms) {
      this.#starts[form[0] as number] = 1
      const beginning = form.readUInt32LE(0)
      const alike = this.#byBeginning.get(beginning)
      if (alike === undefined) this.#byBeginning.set(beginning, [form])
      else alike.push(form)
    }
  }

  /** How long the longest secret at this place is, 0 when none is; `begun` when the bytes end inside one. */
  at(bytes: Buffer, at: number): number | 'begun' {
    if (this.#starts[bytes[at] as number] !== 1) return 0
    const left = bytes.length - at
    const alike = left < 4 ? this.#forms : (this.#byBeginning.get(bytes.readUInt32LE(at)) ?? [])
    const isBegun = alike.some((form) => form.length > left && form.compare(bytes, at, bytes.length, 0, left) === 0)
    if (isBegun) return 'begun'
    return alike.find((form) => form.length <= left && form.compare(bytes, at, at + form.length) === 0)?.length ?? 0
  }
}
