// Makes foreign text harmless for a terminal: no escape sequence, no control character, no half character gets through.

const csi = '['
const stringOpeners = 'PX]^_'
/** Longer than any sequence in honest use; what is longer is text after an escape character. */
const longestSequence = 256
const unsafe = /[^\P{Cc}\n\t]/u

/**
 * Cleans one stream of text, cut anywhere. Whole escape sequences (CSI, OSC and their like)
 * vanish; one that never ends comes out as the text it hides, without its control characters, so that nothing readable
 * is lost. CR and CRLF become a newline, half of a
 * surrogate pair waits for the other half and becomes U+FFFD when that never comes.
 */
export class Sanitizer {
  /** An escape sequence, or half a character, that is not complete yet. */
  #held = ''
  #sequence: 'none' | 'escape' | 'csi' | 'string' = 'none'
  #afterReturn = false

  clean(chunk: string): string {
    if (this.#held === '' && !this.#afterReturn && !unsafe.test(chunk) && chunk.isWellFormed()) return chunk
    let out = ''
    for (const char of this.#join(chunk)) out += this.#sequence === 'none' ? this.#plain(char) : this.#within(char)
    return out.toWellFormed()
  }

  /** What was still held back when the text ended. */
  end(): string {
    const rest = this.#giveUp().toWellFormed()
    this.#afterReturn = false
    return rest
  }

  /** Puts a half character from the last chunk before this one, and keeps the one at its end for the next. */
  #join(chunk: string): string {
    let text = chunk
    if (this.#sequence === 'none') {
      text = this.#held + chunk
      this.#held = ''
    }
    const last = text.charCodeAt(text.length - 1)
    if (this.#sequence !== 'none' || last < 0xd800 || last > 0xdbff) return text
    this.#held = text.slice(-1)
    return text.slice(0, -1)
  }

  #plain(char: string): string {
    const afterReturn = this.#afterReturn
    this.#afterReturn = char === '\r'
    if (char === '\r') return '\n'
    if (char === '\n') return afterReturn ? '' : char
    if (!unsafe.test(char)) return char
    this.#begin(char)
    return ''
  }

  #begin(char: string): void {
    const code = char.charCodeAt(0)
    if (code === 0x1b) this.#hold('escape', char)
    else if (code === 0x9b) this.#hold('csi', char)
    else if (code >= 0x80 && stringOpeners.includes(String.fromCharCode(code - 0x40))) this.#hold('string', char)
  }

  #within(char: string): string {
    if (char === '\n' || char === '\r' || this.#held.length >= longestSequence)
      return this.#giveUp() + this.#plain(char)
    if (char === '\u001b' && this.#sequence !== 'string') return this.#giveUp() + this.#plain(char)
    const before = this.#held
    this.#held += char
    if (this.#sequence === 'escape') return this.#afterEscape(char)
    const done = this.#sequence === 'csi' ? endsCsi(char) : endsString(before, char)
    if (done) this.#drop()
    return ''
  }

  #afterEscape(char: string): string {
    if (char === csi) this.#sequence = 'csi'
    else if (stringOpeners.includes(char)) this.#sequence = 'string'
    else return this.#giveUp()
    return ''
  }

  #hold(sequence: 'escape' | 'csi' | 'string', char: string): void {
    this.#sequence = sequence
    this.#held = char
  }

  #drop(): void {
    this.#sequence = 'none'
    this.#held = ''
  }

  #giveUp(): string {
    const text = this.#held
    this.#drop()
    return withoutControls(text)
  }
}

function endsCsi(char: string): boolean {
  return char < ' ' || char > '?'
}

function endsString(before: string, char: string): boolean {
  return char === '\u0007' || char === '\u009c' || (char === '\\' && before.endsWith('\u001b'))
}

function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '')
}

/** A short foreign text (a name, a message) as one harmless line. */
export function cleanLine(text: string): string {
  const sanitizer = new Sanitizer()
  return (sanitizer.clean(text) + sanitizer.end()).replace(/\s*\n\s*/g, ' ').replaceAll('\t', ' ')
}
