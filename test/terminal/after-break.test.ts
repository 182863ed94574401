// What is done after a break, as a person sees it: live and in a replay, in a narrow terminal, without colours.
import { describe, expect, it } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { play } from '../../src/cli/replay-player.ts'
import { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { type JournalRecord, ReplayPace } from '../../src/journal/index.ts'
import type { Sink } from '../../src/scope.ts'
import { type Model, type Script, simulator } from '../../src/simulator/index.ts'
import { type TerminalOptions, terminal } from '../../src/terminal/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { keyboard, type Paper } from './paper.ts'
import { Screen } from './screen.ts'

expectNoLostRejections()

const wrongKey: Script = { error: { status: 401, message: 'Wrong key.' } }
const cutOff: Script = { text: 'At ni', end: 'cut' }

/** The first request has no answer as long as somebody listens. */
function lateOnce(): Model {
  let asked = 0
  return ({ signal }) => {
    asked += 1
    if (asked > 1) return { text: 'At nine.' }
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ text: 'Too late.' })))
  }
}

interface Story {
  model: Model
  /** Of the wrapper; `standIn`: another one, that answers. */
  options: Record<string, unknown>
  lines: unknown[]
}

/** Made anew for each test: the late one counts its requests. */
const stories = (): Record<string, Story> => ({
  'going on': {
    model: [{ text: 'It leaves at ni', end: 'cut' }, { text: 'ne.\nAnd at ten.' }],
    options: { continueAfterBreak: true },
    lines: ['Friday: It leaves at nine.', 'Friday · The answer broke off. openai was asked to go on.', 'And at ten.'],
  },
  'asking again for thoughts': {
    model: [
      { thinking: 'The ferry, I be', end: 'cut' },
      { thinking: 'The ferry.', text: 'At nine.' },
    ],
    options: { continueAfterBreak: true },
    lines: [
      'Friday (thinking) The ferry, I be',
      'Friday · The answer broke off. openai was asked again, because no word of the answer had come.',
      'Friday (thinking) The ferry.',
      'Friday: At nine.',
    ],
  },
  'not going on': {
    model: [cutOff, wrongKey],
    options: { continueAfterBreak: true },
    lines: [
      'Friday: At ni [broken off: openai: the answer broke off before it was finished.]',
      'Friday · It could not be gone on with: openai (401): Wrong key.',
    ],
  },
  'a fallback': {
    model: wrongKey,
    options: { fallbacks: [] },
    lines: ['Friday · test failed: openai (401): Wrong key. other answers in its place.', 'Friday: At nine.'],
  },
  'a second request': {
    model: lateOnce(),
    options: { hedgeAfterMs: 20 },
    lines: [
      'Friday · openai has not begun within 20 ms. A second request was sent.',
      'Friday · The second request answered; the other one was closed, and what it cost is not known.',
      'Friday: At nine.',
    ],
  },
  'a budget that is used up': {
    model: { text: ['word '.repeat(100)] },
    options: { budget: { maxOutputTokens: 10 } },
    lines: [
      expect.stringMatching(/^Friday: word .* \[stopped by the budget\]$/),
      expect.stringMatching(/^Friday · Stopped: the budget is used up \(\d+ of 10 output tokens\)\.$/),
    ],
  },
})

/** A narrow terminal without colours. */
function narrow(options: TerminalOptions): { screen: Screen; shown: Sink } {
  const screen = new Screen(40, 24)
  const output = screen as unknown as Paper
  return { screen, shown: terminal({ output, input: keyboard(), color: false, ...options }) }
}

/** An agent answers one question; what it told is kept. */
async function told({ model, options }: Story, shown: Sink): Promise<JournalRecord[]> {
  await using sim = await simulator({ models: { 'test-model': model, other: { text: 'At nine.' } } })
  const records: JournalRecord[] = []
  const keeper: Sink = { event: (speaker, event) => void records.push({ type: 'event', at: 0, speaker, event }) }
  await using scope = createScope({ sinks: [shown, keeper], disableSaving: true })
  const baseUrl = sim.baseUrl('openai')
  const standIn = wrapperFor('openai', { baseUrl, modelName: 'other', configName: 'other' })
  const given = 'fallbacks' in options ? { fallbacks: [standIn] } : options
  const agent = new DialogAgent({ name: 'Friday', model: wrapperFor('openai', { baseUrl, ...given }), scope })
  await agent.call(new Msg('You', 'When does it leave?', 'user')).catch(() => undefined)
  return records
}

describe.each([true, false])('in a terminal with lanes: %s', (lanes) => {
  it.each(Object.entries(stories()))('%s is told behind what was said', async (_, story) => {
    const live = narrow({ lanes })
    const records = await told(story, live.shown)
    expect(live.screen.lines).toEqual(story.lines)
    const again = narrow({ lanes })
    const pace = new ReplayPace({ speed: Number.POSITIVE_INFINITY, maxPauseMs: 0 })
    await play(records, pace, again.shown, AbortSignal.timeout(5000))
    expect(again.screen.lines).toEqual(live.screen.lines)
  })
})
