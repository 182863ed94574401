// A lively Studio for screenshots: five runs, one of them asking, one still speaking, one failed, one in Chinese.
// Longer than most files, because it is mostly words.
import type { Ending } from '../../src/core/ending.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import type { Block } from '../../src/core/message.ts'
import type { JournalRecord, Journals, RunFacts } from '../../src/journal/journal.ts'

const plan = `## Two days in Hangzhou

The weather decides the order: **sun on day 1**, light rain on day 2.

1. *Dawn at West Lake.* Walk the Su Causeway before eight, while the paths are empty.
2. *Lingyin Temple*, then tea in Longjing village.
3. On day 2 the **National Silk Museum** and the Grand Canal, both mostly under a roof.

| day | morning | afternoon | cost |
|---|---|---|---:|
| 1 | Su Causeway | Lingyin, Longjing | ¥135 |
| 2 | Silk Museum | Grand Canal boat | ¥80 |

> Book the boat one day ahead; the last one leaves at 17:30.`

const review = `The loop reads past the end when the list is empty. I would write it so:

\`\`\`ts
export function newest(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce((best, each) => (best === undefined || each.at > best.at ? each : best), undefined)
}
\`\`\`

It says in its type that there may be none, and the two callers already`

type Said = Block | { type: 'result'; call: string; tool: string; output: string; failed?: boolean }

/** Writes records of one run; its clock goes on as things are said. */
class Story {
  readonly #journals: Journals
  readonly #run: string
  #at: number
  #messages = 0
  #last: Promise<number> = Promise.resolve(0)

  constructor(journals: Journals, run: string, at: number) {
    this.#journals = journals
    this.#run = run
    this.#at = at
  }

  run(run: Partial<RunFacts>): Promise<void> {
    return this.#write({ type: 'run', at: this.#at, run })
  }

  begin(project: string, name: string): Promise<void> {
    const startedAt = new Date(this.#at).toISOString()
    return this.run({ id: this.#run, project, name, startedAt, status: 'running', program: 'agentscope-ts 0.1.0' })
  }

  async end(status: 'done' | 'failed'): Promise<void> {
    await this.run({ status, endedAt: new Date(this.#at).toISOString() })
  }

  /** One message of an agent that asked `model` for it. `open`: it is still being said. */
  async say(name: string, blocks: Said[], { model = 'qwen3-max', open = false, ending = whole(blocks) } = {}) {
    const id = `${this.#run}-${++this.#messages}`
    const startedAt = this.#at
    const role = blocks[0]?.type === 'result' ? 'system' : name === 'User' ? 'user' : 'assistant'
    await this.tell(name, { type: 'message-start', id, role, name, replyId: `${this.#run}-reply-${name}` })
    const chars = JSON.stringify(blocks).length
    const firstContentMs = role === 'assistant' ? 180 + ((chars * 37) % 420) : 0
    this.#at += firstContentMs
    for (const [index, said] of blocks.entries()) await this.#block(name, id, index, said, open)
    if (open) return
    const usage = { inputTokens: 900 + chars, outputTokens: Math.ceil(chars / 4), cachedInputTokens: 640 }
    if (role !== 'assistant') return this.tell(name, { type: 'message-end', id, ending })
    const timing = { firstContentMs, durationMs: this.#at - startedAt }
    await this.tell(name, { type: 'message-end', id, ending, usage, timing })
    await this.#write({
      type: 'invocation',
      at: this.#at,
      invocation: {
        id: `${id}-asked`,
        speaker: { name, id: `${this.#run}-${name}` },
        replyId: `${this.#run}-reply-${name}`,
        model: { modelType: 'dashscope_chat', configName: model, modelName: model, provider: 'dashscope' },
        startedAt: new Date(startedAt).toISOString(),
        ...timing,
        messages: [{ role: 'user', content: 'Plan two days in Hangzhou, please.' }],
        options: { stream: true, temperature: 0.7 },
        response: { id, name, role: 'assistant', content: blocks.filter(isBlock), ending, usage },
      },
    })
  }

  tell(name: string, event: StreamEvent): Promise<void> {
    return this.#write({ type: 'event', at: this.#at, speaker: { name, id: `${this.#run}-${name}` }, event })
  }

  async #block(name: string, id: string, index: number, said: Said, open: boolean): Promise<void> {
    const [block, kind, text] = emptied(said)
    await this.tell(name, { type: 'block-start', id, index, block })
    for (const delta of text.match(/[\s\S]{1,24}/g) ?? []) {
      this.#at += 40
      await this.tell(name, { type: kind, id, index, delta })
    }
    const failed = said.type === 'result' && said.failed
    if (!open) await this.tell(name, { type: 'block-end', id, index, ...(failed && { isError: true }) })
  }

  async #write(record: JournalRecord): Promise<void> {
    this.#last = this.#journals.open(this.#run).append(record)
  }

  /** Everything so far is acknowledged: asked once, because each acknowledgement of a file takes its time. */
  async written(): Promise<void> {
    await this.#last
  }
}

function whole(blocks: readonly Said[]): Ending {
  return { reason: blocks.some(({ type }) => type === 'tool_use') ? 'tool-calls' : 'stop', complete: true }
}

function isBlock(said: Said): said is Block {
  return said.type !== 'result'
}

/** The block as it begins, and what it grows by. */
function emptied(
  said: Said,
): [Block, 'text-delta' | 'thinking-delta' | 'tool-use-delta' | 'tool-result-delta', string] {
  if (said.type === 'text') return [{ ...said, text: '' }, 'text-delta', said.text]
  if (said.type === 'thinking') return [{ ...said, thinking: '' }, 'thinking-delta', said.thinking]
  if (said.type === 'tool_use') return [{ ...said, rawInput: '' }, 'tool-use-delta', said.rawInput]
  if (said.type !== 'result') throw new Error(`The scene has no ${said.type} blocks.`)
  return [{ type: 'tool_result', id: said.call, name: said.tool, output: '' }, 'tool-result-delta', said.output]
}

const text = (words: string): Said => ({ type: 'text', text: words })
const thought = (words: string): Said => ({ type: 'thinking', thinking: words })
const call = (id: string, name: string, input: unknown): Said => ({
  type: 'tool_use',
  id,
  name,
  rawInput: JSON.stringify(input),
})

/** The ids of its runs: `travel` asks, `review` is speaking, `etl` failed, `werewolf` and `reading` are done. */
export async function scene(journals: Journals, now = Date.now()): Promise<void> {
  const stories: Story[] = []
  const story = (run: string, minutesAgo: number) => {
    const made = new Story(journals, run, now - minutesAgo * 60_000)
    stories.push(made)
    return made
  }
  await werewolf(story('werewolf', 190))
  await reading(story('reading', 95))
  await etl(story('etl', 42))
  await travel(story('travel', 3))
  await reviewing(story('review', 0.3))
  for (const each of stories) await each.written()
}

async function travel(story: Story): Promise<void> {
  await story.begin('travel-planner', 'hangzhou')
  await story.say('User', [text('Plan two days in Hangzhou, please. We like to walk.')])
  const input = { city: 'Hangzhou', days: 2 }
  await story.say('Planner', [
    thought(
      'They like to walk, so the weather decides what comes first. I had better look at it before I promise a lake.',
    ),
    text('Let me look at the weather first.'),
    call('call-1', 'get_weather', input),
  ])
  const output = 'Day 1: sunny, 18 to 24 degrees\nDay 2: light rain from noon'
  await story.say('Planner', [{ type: 'result', call: 'call-1', tool: 'get_weather', output }])
  await story.say('Planner', [text(plan)])
  await story.say('Critic', [
    text('Good order. Two things: Longjing is **uphill**, and the temple is full at noon; go at ten.'),
  ])
  await story.say('Planner', [text('Agreed, the temple comes first. One thing I cannot decide for you.')])
  await story.run({ status: 'waiting' })
  await story.tell('Planner', {
    type: 'input-request',
    id: 'hotel',
    name: 'Planner',
    text: 'Which hotel shall I book?',
    schema: {
      type: 'object',
      properties: {
        hotel: { type: 'string', enum: ['Lakeside Inn', 'Canal House'], description: 'Both are free on both nights.' },
        nights: { type: 'integer', minimum: 1, maximum: 7, default: 2 },
        note: { type: 'string', description: 'Anything the hotel should know' },
      },
      required: ['hotel', 'nights'],
    },
  })
  const asked = { tool: 'bash', callId: 'call-2', input: { command: 'rm -r ./tmp/old-plans', cwd: '/home/u/trips' } }
  await story.tell('Planner', { type: 'input-request', id: 'tidy', name: 'Planner', approval: asked })
}

async function reviewing(story: Story): Promise<void> {
  await story.begin('code-review', 'pull-1121')
  await story.say('User', [text('Review `journal/newest.ts`, three voices please.')])
  await story.say('Reader', [
    text('It looks for the newest entry. The tests cover one, two and many entries, not **none**.'),
  ])
  await story.say('Critic', [text(review)], { open: true })
  await story.say('Tester', [text('I am writing a test for the empty list: `expect(newest([])).toBe')], { open: true })
}

async function etl(story: Story): Promise<void> {
  await story.begin('nightly-etl', 'import-orders')
  await story.say('User', [text('Import yesterday’s orders.')])
  await story.say('Importer', [call('call-9', 'search', { table: 'orders', day: 'yesterday' })], {
    model: 'gpt-5-mini',
  })
  const output = 'TimeoutError: search took longer than 80 ms'
  await story.say('Importer', [{ type: 'result', call: 'call-9', tool: 'search', output, failed: true }])
  const error = {
    type: 'rate-limit' as const,
    retryable: true,
    message: 'The provider answered 429: too many requests.',
    advice: 'Wait 20 s.',
  }
  const ending: Ending = { reason: 'error', complete: false, error }
  await story.say('Importer', [text('The table did not answer in time, so I will')], { model: 'gpt-5-mini', ending })
  await story.end('failed')
}

async function werewolf(story: Story): Promise<void> {
  await story.begin('games', 'werewolf')
  const words = ['I slept badly. Did nobody hear the door?', 'You always hear doors, Ann.', 'Let us vote before lunch.']
  for (const [index, name] of ['Ann', 'Bob', 'Cleo', 'Dan', 'Eve', 'Ann', 'Bob'].entries()) {
    if (index === 5) {
      await story.tell('Ann', { type: 'input-request', id: 'vote', name: 'Ann', text: 'Whom do you vote for?' })
      await story.tell('Ann', { type: 'input-answer', id: 'vote', content: 'Bob', by: 'terminal' })
    }
    await story.say(name, [text(words[index % words.length] ?? '')], { model: 'gpt-5-mini' })
  }
  await story.end('done')
}

async function reading(story: Story): Promise<void> {
  await story.begin('读书会', '红楼梦')
  await story.say('User', [text('请用三句话介绍《红楼梦》的开头。')])
  await story.say('先生', [
    text(
      '故事从一块**补天剩下的石头**说起。它被一僧一道带到人间，经历了一番富贵与离散。\n\n- 石头的名字叫“通灵宝玉”\n- 它的主人是贾宝玉',
    ),
  ])
  await story.end('done')
}
