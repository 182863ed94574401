// Speakers for the terminal tests: texts that are hard to show, cut anywhere, in an order that a seed decides.
import type { StreamEvent } from '../../src/core/event.ts'
import { told } from './paper.ts'

export interface CrowdSpeaker {
  events: StreamEvent[]
  /** What must stand on the screen. */
  text: string
}

const words = ['hello', ' world', '\n', '你好', '，世界', '👩‍💻', 'e\u0301', ' a', 'bcdefghijk', '.', '🇮🇹', '한국']

/** The same numbers for the same seed: whole, from 0 to below the limit. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

export function crowd(random: (limit: number) => number, size: number, chunks: number): CrowdSpeaker[] {
  return Array.from({ length: size }, (_, index) => {
    const name = `Speaker ${index}`
    const said = ['>', ...Array.from({ length: chunks }, () => words[random(words.length)] as string), '#']
    const text = said.join('')
    const events = told((w) => said.map((each) => w.text(each)), name, name)
    return { events, text: `${name}: ${lines(text)}` }
  })
}

/** All events, those of each speaker in their order. */
export function* orderedBy(
  random: (limit: number) => number,
  speakers: readonly CrowdSpeaker[],
): Generator<StreamEvent> {
  const left = speakers.map(({ events }) => [...events])
  for (let open = left; open.length > 0; open = open.filter(({ length }) => length > 0)) {
    yield open[random(open.length)]?.shift() as StreamEvent
  }
}

/** A screen does not know spaces at the end of a line. */
function lines(text: string): string {
  return text.replace(/ +\n/g, '\n')
}
