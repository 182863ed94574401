// A second request beside one that is late: the first with content wins, the other one's socket closes at once.
import { AbortedError } from '../core/error.ts'
import type { RequestLeg } from './request-leg.ts'

export interface HedgeOptions {
  afterMs: number
  open(signal: AbortSignal): Promise<RequestLeg>
  /** The second request goes out. */
  second(): void
}

export interface HedgeResult {
  leg: RequestLeg
  /** Which of the two answered; absent when there was no second, or both failed. */
  won?: 1 | 2
  haveBothFailed?: true
  /** What came of the other one, if its headers had come. */
  loser?: RequestLeg | undefined
}

interface Runner {
  number: 1 | 2
  stop: AbortController
  leg: RequestLeg | undefined
  error: unknown
  done: Promise<Runner>
}

/**
 * Resolves when one of the two has content. One that fails, or ends without any, leaves it to the other; an empty answer
 * that is whole stands before a failure. One that ends before the second was sent, or both that fail, are handed on as
 * they are.
 *
 * @throws what the last `open` threw.
 */
export async function hedged(options: HedgeOptions): Promise<HedgeResult> {
  const first = run(1, options.open)
  if (await isDoneWithin(first.done, options.afterMs)) return { leg: legOf(first) }
  options.second()
  const second = run(2, options.open)
  const early = await Promise.race([first.done, second.done])
  const other = early === first ? second : first
  const winner = hasContent(early) ? early : better(await other.done, early)
  const loser = winner === early ? other : early
  if (hasFailed(winner)) {
    loser.leg?.close()
    return { leg: legOf(winner), haveBothFailed: true }
  }
  const reason = new AbortedError('Stopped: the other request answered first.')
  loser.stop.abort(reason)
  loser.leg?.cancel(reason)
  return { leg: legOf(winner), won: winner.number, loser: loser.leg }
}

function run(number: 1 | 2, open: HedgeOptions['open']): Runner {
  const runner: Runner = { number, stop: new AbortController(), leg: undefined, error: undefined } as Runner
  const course = async () => {
    try {
      runner.leg = await open(runner.stop.signal)
      await runner.leg.firstContent()
    } catch (error) {
      runner.error = error
    }
    return runner
  }
  runner.done = course()
  return runner
}

/** Of two that have both ended or begun, the one to hear; `early` is without content. */
function better(other: Runner, early: Runner): Runner {
  return hasContent(other) || hasFailed(early) ? other : early
}

function hasContent({ leg, error }: Runner): boolean {
  return error === undefined && leg?.contentSeen === true
}

function hasFailed({ leg, error }: Runner): boolean {
  return error !== undefined || leg?.hasFailed === true
}

function legOf({ leg, error }: Runner): RequestLeg {
  if (leg === undefined || error !== undefined) throw error
  return leg
}

async function isDoneWithin(done: Promise<unknown>, ms: number): Promise<boolean> {
  if (ms > 2_147_483_647) return done.then(() => true)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const first = await Promise.race([done.then(() => true), late])
  clearTimeout(timer)
  return first
}
