// What decodes an answer: at hand from the second call on, or loaded while the first request is on its way.
import type { Dialect, LateDialect } from '../dialects/dialect.ts'
import type { HttpReply } from '../stream/http.ts'
import type { Attempt } from './attempt.ts'
import type { ReplyPlan } from './reply-plan.ts'

type AnyDialect = Dialect | LateDialect

/** A wire's decoders, and what feeds one with the bytes of a body. */
export interface Decoding {
  decoder: Dialect['decoder']
  newAttempt: (...given: ConstructorParameters<typeof Attempt>) => Attempt
}

/** Begins to decode the body of one answer. */
export type Decode = (http: HttpReply, plan: ReplyPlan) => Attempt

const known = new WeakMap<AnyDialect, Decoding>()
const coming = new WeakMap<AnyDialect, Promise<Decoding>>()

/** Begins to load what the first answer needs, so that it waits for nothing. */
export function prepareDecoding(dialect: AnyDialect): void {
  void withDecoding(dialect, () => {})
}

/** What `make` gives; a promise when something has to be loaded first. It rejects when that fails; the next call tries again. */
export function withDecoding<Made>(dialect: AnyDialect, make: (decoding: Decoding) => Made): Made | Promise<Made> {
  const decoding = known.get(dialect)
  if (decoding !== undefined) return make(decoding)
  const made = loading(dialect).then(make)
  // Whoever waits for it hears what is wrong; nobody may, when the request itself fails.
  made.catch(() => {})
  return made
}

/** The same for all who ask meanwhile. */
function loading(dialect: AnyDialect): Promise<Decoding> {
  const begun = coming.get(dialect) ?? loaded(dialect).finally(() => coming.delete(dialect))
  coming.set(dialect, begun)
  return begun
}

async function loaded(dialect: AnyDialect): Promise<Decoding> {
  const half = 'decoder' in dialect ? dialect : dialect.whole()
  const [whole, { Attempt }] = await Promise.all([half, import('./attempt.ts')])
  const decoding: Decoding = {
    decoder: whole.decoder.bind(whole),
    newAttempt: (...given) => new Attempt(...given),
  }
  known.set(dialect, decoding)
  return decoding
}
