// One of the examination's questions, asked when a request is left for it.
import { quirkOptions } from './configuration.ts'
import { bytesOf, type Recording } from './recording.ts'
import type { Report } from './report.ts'
import { type Heard, type Question, type Setup, speak } from './speaking.ts'

/** Asks when a request is left, else notes what is left out. */
export async function asked(
  report: Report,
  setup: Setup,
  question: Question,
  name: string,
): Promise<Heard | undefined> {
  if (setup.asker.isSpent) {
    report.leftOut.push(name)
    return undefined
  }
  setup.tell?.(name)
  const options = { ...question.options, ...quirkOptions(report) }
  return speak(setup, { ...question, limit: limitOf(report, question), options })
}

function limitOf(report: Report, { limit }: Question): number | undefined {
  return report.quirks.some(({ name }) => name === 'max-tokens-refused') ? undefined : limit
}

export function textOf(recording: Recording): string {
  return new TextDecoder().decode(bytesOf(recording))
}
