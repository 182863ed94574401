// Text as it comes off the wire, cut anywhere: line ends are made one, and no pair of surrogates is taken apart.
import { isHighSurrogate } from './surrogates.ts'

export class Intake {
  #held = ''

  /** What can be shown of the text so far; half a pair of surrogates and a lone carriage return wait for the next call. */
  take(text: string): string {
    const all = this.#held + text
    const last = all.charCodeAt(all.length - 1)
    this.#held = all !== '' && (last === 13 || isHighSurrogate(last)) ? all.slice(-1) : ''
    return uniform(this.#held === '' ? all : all.slice(0, -1))
  }

  /** The text is over: what waited is given out. */
  flush(): string {
    const rest = uniform(this.#held)
    this.#held = ''
    return rest
  }
}

function uniform(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\0\uffff]/g, '\ufffd')
}
