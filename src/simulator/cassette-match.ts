// Finds what was recorded for a request, and says what differs when it was not.
import { createHash } from 'node:crypto'
import { InputError } from '../core/error.ts'
import type { Cassette, RecordedExchange, RecordedRequest } from './cassette.ts'
import { cleanBody, cleanUrl, learnRequest } from './cassette-secrets.ts'
import { differencesBetween } from './differences.ts'
import { KnownSecrets } from './known-secrets.ts'
import type { Outgoing } from './outgoing.ts'

/** The request is not in the cassette. `differences` compare it with the recorded one that is most like it. */
export class NotRecordedError extends InputError {
  readonly differences: readonly string[]

  constructor(message: string, differences: readonly string[], advice: string) {
    super(message, { advice })
    this.differences = differences
  }
}

export interface MatchOptions {
  /**
   * `exact` (default): the first that has not been played of those with the same method, path, query and body; `order`:
   * the next one, whatever is asked.
   */
  match?: 'exact' | 'order' | undefined
  /** Whether the last one that fits is played again when all have been played. Default false. */
  repeats?: boolean | undefined
}

/** Hands out each exchange of a cassette once. */
export class CassetteMatches {
  readonly #cassette: Cassette
  readonly #options: MatchOptions
  readonly #secrets = new KnownSecrets()
  readonly #played = new Set<RecordedExchange>()
  readonly #keys: ReadonlyMap<RecordedExchange, string>

  constructor(cassette: Cassette, options: MatchOptions = {}) {
    this.#cassette = cassette
    this.#options = options
    this.#keys = new Map(cassette.exchanges.map((each) => [each, keyOf(recleaned(each.request))]))
  }

  /** @throws NotRecordedError */
  next(outgoing: Outgoing): RecordedExchange {
    const { match = 'exact', repeats = false } = this.#options
    const asked = this.#cleaned(outgoing)
    const key = keyOf(asked)
    const fitting = this.#cassette.exchanges.filter((each) => match === 'order' || this.#keys.get(each) === key)
    const found = fitting.find((each) => !this.#played.has(each)) ?? (repeats ? fitting.at(-1) : undefined)
    if (found === undefined) throw this.#notRecorded(asked, fitting.length)
    this.#played.add(found)
    return found
  }

  /** As `record` would have kept it: what was secret then is not compared. */
  #cleaned({ method, url, headers, body }: Outgoing): Asked {
    learnRequest(this.#secrets, url, headers, body)
    const clean = cleanBody(body, this.#secrets, headers.get('content-type'))
    return { method, url: cleanUrl(url, this.#secrets.forms), body: clean }
  }

  #notRecorded(asked: Asked, played: number): NotRecordedError {
    const what = `${asked.method} ${pathOf(asked.url)}`
    const { exchanges } = this.#cassette
    if (played > 0 || exchanges.length === 0) {
      const why =
        played > 0
          ? `was recorded ${timesOf(played)} and has been played as often`
          : 'is not in the cassette: it is empty'
      return new NotRecordedError(`${what} ${why}.`, [], 'Record once more, or replay with repeats: true.')
    }
    const like = this.#mostLike(asked)
    const differences = differencesBetween(placed(like.request), placed(asked))
    const listed = differences.map((each) => `\n  ${each}`).join('')
    return new NotRecordedError(
      `${what} was not recorded. It differs from exchange ${like.number} of the cassette in:${listed}`,
      differences,
      "Record once more, or replay with match: 'order' when the answer fits all the same.",
    )
  }

  #mostLike(asked: Asked): RecordedExchange {
    const { exchanges } = this.#cassette
    const open = exchanges.filter((each) => !this.#played.has(each))
    const among = open.length > 0 ? open : exchanges
    const place = pathOf(asked.url)
    return among.find(({ request }) => pathOf(request.url) === place) ?? (among[0] as RecordedExchange)
  }
}

type Asked = Pick<RecordedRequest, 'method' | 'url' | 'body'>

/** What was recorded when less was known of where secrets stand is compared as it would be kept today. */
function recleaned({ method, url, headers, body }: RecordedRequest): Asked {
  return { method, url, body: cleanBody(body, new KnownSecrets(), headers['content-type'] ?? null) }
}

function keyOf({ method, url, body }: Asked): string {
  const hash = createHash('sha256').update(body).digest('hex')
  return `${method} ${pathOf(url)} ${hash}`
}

/** Path and query: where the same wire was served does not matter. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

function placed({ method, url, body }: Asked) {
  return { method, path: pathOf(url), body: Buffer.from(body).toString('utf8') }
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
