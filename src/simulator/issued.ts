// What the simulator gave away and wants to see again unchanged: signatures, sealed thoughts, the order of an answer.
import { createHash } from 'node:crypto'

/**
 * Signatures are made from what they sign, so that a history is known again by another simulator too. Those that a
 * script names itself, and the order of an answer, are remembered as long as the simulator lives.
 */
export class Issued {
  readonly #named = new Map<string, Set<string>>()
  readonly #answers = new Map<string, readonly string[]>()

  /** The signature of that content. One that the script names counts for this content from now on. */
  sign(content: string, named?: string): string {
    if (named === undefined) return made(content)
    const contents = this.#named.get(named) ?? new Set()
    this.#named.set(named, contents.add(content))
    return named
  }

  /** Whether a signature came from here and, when `content` is given, signs it. */
  accepts(signature: string, content?: string): boolean {
    if (content === undefined) return this.#named.has(signature) || isMade(signature)
    return this.#named.get(signature)?.has(content) === true || signature === made(content)
  }

  /** Words that nobody else is to read. */
  seal(words: string): string {
    return base64(`${made(words)}:${words}`)
  }

  /** Whether it was sealed here and nothing was changed. */
  isSealed(data: string): boolean {
    const [signature, ...rest] = Buffer.from(data, 'base64').toString('utf8').split(':')
    return rest.length > 0 && signature === made(rest.join(':'))
  }

  /** Remembers the marks of an answer in their order, under each of its calls' ids. */
  remember(calls: readonly string[], marks: readonly string[]): void {
    for (const id of calls) this.#answers.set(id, marks)
  }

  /** The marks of the answer with that call; `undefined` when it was not given here. */
  marksOf(call: string): readonly string[] | undefined {
    return this.#answers.get(call)
  }
}

const digestLength = 24

function made(content: string): string {
  const digest = digestOf(content).slice(0, digestLength)
  return base64(digest + digestOf(digest).slice(0, 8))
}

function isMade(signature: string): boolean {
  const text = Buffer.from(signature, 'base64').toString('utf8')
  return text.slice(digestLength) === digestOf(text.slice(0, digestLength)).slice(0, 8)
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
