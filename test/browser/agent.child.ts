// A real program with a link to Studio: does one of the tasks below, and tells its parent what it got.
import { DialogAgent, init, Msg, OpenAIChatWrapper, ReActAgent, tool, UserAgent } from '../../src/index.ts'

const [task = '', studio = '', name = '', provider = ''] = process.argv.slice(2)
const tell = (told: unknown) => process.send?.(told)
process.once('disconnect', async () => {
  await scope.close()
  process.exit()
})
const scope = await init({ studio, name, terminal: false })
const own = { modelName: 'm', stream: true, apiKey: 'test-key-000000', baseUrl: provider, maxRetries: 0 }
const model = (options = {}) => new OpenAIChatWrapper({ ...own, ...options })
const question = new Msg('You', 'Go on.', 'user')
const ada = () => new DialogAgent({ name: 'Ada', sysPrompt: 'You are Ada.', model: model() })
const you = new UserAgent({ name: 'You', inputHint: 'Which hotel?' })

const trip = {
  type: 'object',
  properties: {
    city: { type: 'string', title: 'City' },
    days: { type: 'integer', minimum: 1, maximum: 9, default: 2 },
    season: { type: 'string', enum: ['spring', 'autumn'] },
    guest: {
      type: 'object',
      properties: { name: { type: 'string' }, vegetarian: { type: 'boolean' } },
      required: ['name'],
    },
  },
  required: ['city', 'days', 'season', 'guest'],
}

const doing = (run: () => string) => ({
  name: 'Coder',
  sysPrompt: 'You are Coder.',
  model: model(),
  toolkit: [tool({ name: 'tidy', description: 'Tidies up.', approval: task === 'approve', run })],
})

/** What each does when its answer breaks off, fails, is late, or costs too much. */
const afterBreak = () => ({
  Resumer: { modelName: 'breaks', continueAfterBreak: true },
  Ender: { modelName: 'breaks-for-good', continueAfterBreak: true },
  Deputy: { modelName: 'refuses', fallbacks: [model({ modelName: 'answers' })] },
  Hasty: { modelName: 'is-late', hedgeAfterMs: 20 },
  Saver: { modelName: 'talks', budget: { maxOutputTokens: 10 } },
})

const tasks: Record<string, () => Promise<unknown>> = {
  ask: async () => (await you.call()).content,
  form: async () => (await you.call(undefined, { structuredModel: trip })).metadata['structured'],
  talk: () => ada().call(question),
  'after-break': async () => {
    for (const [name, options] of Object.entries(afterBreak())) {
      await new DialogAgent({ name, model: model(options) }).call(question).catch(() => undefined)
    }
  },
  approve: async () => {
    const ran: string[] = []
    const coder = new ReActAgent(doing(() => String(ran.push('ran'))))
    await coder.call(question)
    return ran
  },
  throwing: async () => {
    const broken = () => {
      throw new TypeError('The disk is full of plates.')
    }
    return new ReActAgent(doing(broken)).call(question)
  },
}

tell({ run: scope.runId })
const got = await tasks[task]?.().then(
  (value) => ({ got: value }),
  (error: unknown) => ({ failed: String(error) }),
)
tell(got)
