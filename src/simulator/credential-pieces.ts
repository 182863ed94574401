// Takes what fields named like a credential hold out of an answer while it comes.
import type { RecordedPiece } from './cassette.ts'
import { joined, parted } from './cassette-pieces.ts'
import { credentialsIn, isForm } from './credential-bodies.ts'
import { credentialFieldsIn } from './credential-fields.ts'
import type { KnownSecrets } from './known-secrets.ts'

/** A piece that ends inside the name or the value of such a field waits for the next. What is found is learned. */
export class CredentialPieces {
  readonly #known: KnownSecrets
  readonly #contentType: string | null
  #waiting: RecordedPiece[] = []

  constructor(known: KnownSecrets, contentType: string | null) {
    this.#known = known
    this.#contentType = contentType
  }

  /** The pieces that are clean now. A form, which is short, waits for its end. */
  push(piece: RecordedPiece): RecordedPiece[] {
    this.#waiting.push(piece)
    return isForm(this.#contentType) ? [] : this.#release(false)
  }

  /** The body is over: what was waiting. */
  end(): RecordedPiece[] {
    return this.#waiting.length === 0 ? [] : this.#release(true)
  }

  #release(isOver: boolean): RecordedPiece[] {
    const bytes = joined(this.#waiting)
    const text = bytes.toString('latin1')
    const found = isOver ? credentialsIn(text, this.#contentType) : credentialFieldsIn(text, false)
    this.#known.learnLikely([...found.secrets, ...found.quoted])
    const { clean, waiting } = parted(this.#waiting, bytes, found)
    this.#waiting = waiting
    return clean
  }
}
