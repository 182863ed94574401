// The seam between what came before a break and what came after it: a repetition at its beginning is taken out.

/** So far back the end of the first part is searched for in the beginning of the second. */
const windowLength = 2000
/** What a model may put before it goes on: white space and dots. */
const preamble = /^[\s…]*(?:\.{3}\s*)?/
const cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/
const word = /[\p{L}\p{N}_]/u

/** Whether text that ends what came and begins what comes was said twice; `isFromWord`: it begins a word. */
type Rule = (text: string, isFromWord: boolean) => boolean

/** Takes the pieces of the second part and gives what of them is new. Keeps back no more than could be a repetition. */
export interface Seam {
  take(piece: string): string
  /** Nothing more comes: what was kept back and is new. */
  end(): string
}

/**
 * For a model that was asked in words to go on: it often begins with its last words again. Removed is the longest
 * beginning that is, character for character, the end of what came, if that is too much for chance: 8 characters, or from
 * the beginning of a word on two words or 4 characters of a script without spaces. All that came is asked for again when it
 * is short, so it is taken out whatever its length; only a space before it says that a short one is meant twice.
 */
export class WordSeam implements Seam {
  readonly #tail: string
  /** The tail is all there was. */
  readonly #isWhole: boolean
  readonly #isRepetition: Rule
  #kept = ''
  #open = true

  constructor(before: string, isRepetition: Rule = isMoreThanChance) {
    this.#tail = before.slice(-windowLength)
    this.#isWhole = this.#tail === before && isRepetition === isMoreThanChance
    this.#isRepetition = isRepetition
  }

  take(piece: string): string {
    if (!this.#open) return piece
    this.#kept += piece
    const said = this.#said()
    const mayBePreamble = this.#kept.length < 8 && /^[\s.…]*$/.test(this.#kept)
    const mayStillRepeat = said.length < this.#tail.length && this.#tail.includes(said)
    return mayBePreamble || mayStillRepeat ? '' : this.end()
  }

  end(): string {
    const said = this.#said()
    const kept = this.#kept
    this.#kept = ''
    this.#open = false
    const isAllSaidAgain = this.#isWhole && saysAllAgain(this.#tail, said, kept.startsWith(' '))
    const repeated = isAllSaidAgain ? this.#tail.length : repetition(this.#tail, said, this.#isRepetition)
    return repeated === 0 ? kept : said.slice(repeated)
  }

  #said(): string {
    return this.#kept.slice(preamble.exec(this.#kept)?.[0].length ?? 0)
  }
}

/**
 * For a server that goes on from a given beginning. It may echo that beginning (see `mayBeEchoed`), and when white space
 * was cut off its end, that space comes again. Of other repetitions only those are taken out that are surely a mistake:
 * three different words and 16 characters in one line.
 */
export class PrefixSeam implements Seam {
  #echo: string
  #space: string
  #kept = ''
  readonly #words: WordSeam

  /** `sent` is what the server was given, `space` what was cut off its end. */
  constructor(sent: string, space: string) {
    this.#echo = mayBeEchoed(sent, space) ? sent : ''
    this.#space = space
    this.#words = new WordSeam(sent + space, isSurelyAMistake)
  }

  take(piece: string): string {
    if (this.#echo === '') return this.#words.take(this.#withoutSpace(piece))
    this.#kept += piece
    if (this.#kept.length < this.#echo.length && this.#echo.startsWith(this.#kept)) return ''
    return this.#words.take(this.#withoutEcho())
  }

  end(): string {
    return this.#words.take(this.#withoutEcho()) + this.#words.end()
  }

  #withoutEcho(): string {
    const kept = this.#kept
    const isEcho = this.#echo !== '' && kept.startsWith(this.#echo)
    const fresh = isEcho ? kept.slice(this.#echo.length) : kept
    this.#echo = ''
    this.#kept = ''
    return this.#withoutSpace(fresh)
  }

  #withoutSpace(piece: string): string {
    if (this.#space === '' || piece === '') return piece
    let same = 0
    while (same < piece.length && same < this.#space.length && piece[same] === this.#space[same]) same += 1
    this.#space = same === piece.length ? this.#space.slice(same) : ''
    return piece.slice(same)
  }
}

/** Whether the whole of a short answer comes again. "no" and " no" is "no no". */
function saysAllAgain(tail: string, said: string, isBehindSpace: boolean): boolean {
  if (tail.trim() === '' || !said.startsWith(tail)) return false
  return tail.trim().length >= 8 || !isBehindSpace
}

/**
 * Whether that beginning, coming again at once, is an echo of it. Without white space between them the same is hardly said
 * twice, unless it says something twice already ("--", "哈哈"); behind white space that was cut off, a short line may be
 * meant: a chorus.
 */
function mayBeEchoed(sent: string, space: string): boolean {
  if (space !== '') return sent.length >= 24
  return sent.length >= 2 && (sent + sent).indexOf(sent, 1) === sent.length
}

/** How many characters at the beginning of `said` are the end of `tail` said again. */
function repetition(tail: string, said: string, isRepetition: Rule): number {
  for (let length = Math.min(tail.length, said.length); length >= 4; length -= 1) {
    const candidate = said.slice(0, length)
    if (!tail.endsWith(candidate)) continue
    if (isRepetition(candidate, beginsWord(tail, tail.length - length))) return length
  }
  return 0
}

function isMoreThanChance(text: string, isFromWord: boolean): boolean {
  return text.trim().length >= 8 || (isFromWord && saysSomething(text))
}

/** A server that was given the beginning repeats itself by mistake only; lists and code do so on purpose. */
function isSurelyAMistake(text: string, isFromWord: boolean): boolean {
  const distinct = new Set(text.match(/[\p{L}\p{N}_]+/gu))
  return isFromWord && text.length >= 16 && !text.includes('\n') && distinct.size >= 3
}

function saysSomething(text: string): boolean {
  const words = text.split(/\s+/).filter((each) => word.test(each))
  return words.length >= 2 || [...text].filter((character) => cjk.test(character)).length >= 4
}

function beginsWord(text: string, at: number): boolean {
  const [before, first] = [text[at - 1] ?? ' ', text[at] ?? ' ']
  return !(word.test(before) && word.test(first)) || cjk.test(first)
}
