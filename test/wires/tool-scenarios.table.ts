// What models do with tools, once for all wires: what is answered, which tools there are, and what must come of it.
// Long, because it is a table.
import type { Model, Script } from '../../src/simulator/index.ts'
import { type Tool, tool } from '../../src/tools/index.ts'
import { gate } from '../suites/gate.ts'
import type { Wire } from '../suites/wrappers.ts'

/** Which way a scenario is run: whole Anthropic replies have no room for broken arguments, for one. */
export interface Way {
  wire: Wire
  stream: boolean
}

export interface Scenario {
  name: string
  /** What the model answers, one a request. */
  answers: Model
  tools(): readonly Tool[]
  /** The calls as the memory must hold them: name and proved input. */
  calls: readonly [name: string, input: unknown][]
  /** What each call came to: the output, or what it must contain, and whether it is an error. */
  results: readonly [output: string | RegExp, isError?: true][]
  /** Inputs that tools were really run with, in the order in which they began. */
  ran: readonly unknown[]
  text: string
  /** Where it cannot be said at all. */
  except?(way: Way): boolean
}

/** Inputs that the tools of the latest scenario were run with. */
export const ran: unknown[] = []

const anything = { type: 'object' }

function noting(
  name: string,
  answer: (input: unknown) => unknown,
  more: Partial<Parameters<typeof tool>[0]> = {},
): Tool {
  const run = (input: unknown) => {
    ran.push(input)
    return answer(input)
  }
  return tool({ name, description: `The tool ${name}.`, input: anything, run, ...more })
}

const weather = () => noting('weather', (input) => `Sunny in ${(input as { city: string }).city}.`)
const call = (city: string) => ({ name: 'weather', input: { city } })
const callOf = (city: string): [string, unknown] => ['weather', { city }]

/** The first call is done only when the second one is. */
function racing(): Tool[] {
  const second = gate()
  const slow = noting(
    'slow',
    async () => {
      await second.opened
      return 'slow is done'
    },
    { concurrent: true },
  )
  const fast = noting(
    'fast',
    () => {
      second.open()
      return 'fast is done'
    },
    { concurrent: true },
  )
  return [slow, fast]
}

const nested = {
  'ключ "ß" 🎉': ['杭州', 'a\\b', '"', '\n\t', ''],
  numbers: [0, -1.5, 1e21, 12345678901],
  nothing: null,
  deep: [{ list: [[], {}, [null, false, { x: [1] }]] }],
}

const answered: Script = { text: 'All done.' }
const broken: Script = { toolCalls: [{ name: 'weather', rawInput: '{"city": Rome}' }] }

/** Gemini drops the call and finishes with MALFORMED_FUNCTION_CALL; a whole Anthropic reply has no room for the text. */
const hasNoText = ({ wire, stream }: Way) => wire === 'gemini' || (wire === 'anthropic' && !stream)

export const scenarios: readonly Scenario[] = [
  {
    name: 'a single call',
    answers: [{ text: 'Looking.', toolCalls: [call('Rome')] }, answered],
    tools: () => [weather()],
    calls: [callOf('Rome')],
    results: [['Sunny in Rome.']],
    ran: [{ city: 'Rome' }],
    text: 'All done.',
  },
  {
    name: 'two calls side by side that finish in reverse order',
    answers: [{ toolCalls: [{ name: 'slow' }, { name: 'fast', input: { n: 2 } }] }, answered],
    tools: racing,
    calls: [
      ['slow', {}],
      ['fast', { n: 2 }],
    ],
    results: [['slow is done'], ['fast is done']],
    ran: [{}, { n: 2 }],
    text: 'All done.',
  },
  {
    name: 'a call without arguments',
    answers: [{ toolCalls: [{ name: 'now', rawInput: '' }] }, answered],
    tools: () => [tool({ name: 'now', description: 'The time.', run: (input) => `noon ${ran.push(input)}` })],
    calls: [['now', {}]],
    results: [['noon 1']],
    ran: [{}],
    text: 'All done.',
  },
  {
    name: 'nested arguments with every kind of value',
    answers: [{ toolCalls: [{ name: 'keep', input: nested }] }, answered],
    tools: () => [noting('keep', (input) => input)],
    calls: [['keep', nested]],
    results: [[JSON.stringify(nested)]],
    ran: [nested],
    text: 'All done.',
  },
  {
    name: 'arguments that are no JSON, and a second try',
    answers: [broken, { toolCalls: [call('Rome')] }, answered],
    tools: () => [weather()],
    calls: [['weather', undefined], callOf('Rome')],
    results: [[/not whole JSON.*again/s, true], ['Sunny in Rome.']],
    ran: [{ city: 'Rome' }],
    text: 'All done.',
    except: hasNoText,
  },
  {
    name: 'arguments that are no object',
    answers: [{ toolCalls: [{ name: 'weather', input: ['Rome'] }] }, { toolCalls: [call('Rome')] }, answered],
    tools: () => [weather()],
    calls: [['weather', ['Rome']], callOf('Rome')],
    results: [[/do not fit its schema/, true], ['Sunny in Rome.']],
    ran: [{ city: 'Rome' }],
    text: 'All done.',
    except: ({ wire, stream }) => wire === 'anthropic' && !stream,
  },
  {
    name: 'arguments that the length limit cut',
    answers: [{ toolCalls: [{ name: 'weather', rawInput: '{"city": "Ro' }], finish: 'length' }, answered],
    tools: () => [weather()],
    calls: [['weather', undefined]],
    results: [[/not run/, true]],
    ran: [],
    text: 'All done.',
    except: hasNoText,
  },
  {
    name: 'a whole call behind which the length limit struck',
    answers: [{ toolCalls: [call('Rome')], finish: 'length' }, answered],
    tools: () => [weather()],
    calls: [callOf('Rome')],
    results: [[/not run/, true]],
    ran: [],
    text: 'All done.',
  },
  {
    name: 'two rounds',
    answers: [{ toolCalls: [call('Rome')] }, { text: 'And now.', toolCalls: [call('Oslo')] }, answered],
    tools: () => [weather()],
    calls: [callOf('Rome'), callOf('Oslo')],
    results: [['Sunny in Rome.'], ['Sunny in Oslo.']],
    ran: [{ city: 'Rome' }, { city: 'Oslo' }],
    text: 'All done.',
  },
  {
    name: 'text between two calls',
    answers: [
      { parts: [{ text: 'First.' }, { toolCall: call('Rome') }, { text: 'Then.' }, { toolCall: call('Oslo') }] },
      answered,
    ],
    tools: () => [weather()],
    calls: [callOf('Rome'), callOf('Oslo')],
    results: [['Sunny in Rome.'], ['Sunny in Oslo.']],
    ran: [{ city: 'Rome' }, { city: 'Oslo' }],
    text: 'All done.',
  },
  {
    name: 'the same id in two rounds',
    answers: [
      { toolCalls: [{ id: 'call_1', ...call('Rome') }] },
      { toolCalls: [{ id: 'call_1', ...call('Oslo') }] },
      answered,
    ],
    tools: () => [weather()],
    calls: [callOf('Rome'), callOf('Oslo')],
    results: [['Sunny in Rome.'], ['Sunny in Oslo.']],
    ran: [{ city: 'Rome' }, { city: 'Oslo' }],
    text: 'All done.',
  },
  {
    name: 'the same id twice in one answer',
    answers: [
      {
        toolCalls: [
          { id: 'call_1', ...call('Rome') },
          { id: 'call_1', ...call('Oslo') },
        ],
      },
      answered,
    ],
    tools: () => [weather()],
    calls: [callOf('Rome'), callOf('Oslo')],
    results: [['Sunny in Rome.'], ['Sunny in Oslo.']],
    ran: [{ city: 'Rome' }, { city: 'Oslo' }],
    text: 'All done.',
    // There an id says which call a piece belongs to.
    except: ({ wire }) => ['openai', 'dashscope', 'zhipuai', 'litellm'].includes(wire),
  },
  {
    name: 'a tool that there is not, under a name that no provider takes',
    answers: [{ toolCalls: [{ name: 'functions.wether now', input: {} }] }, { toolCalls: [call('Rome')] }, answered],
    tools: () => [weather()],
    calls: [['functions.wether now', {}], callOf('Rome')],
    results: [[/There is no tool.*weather/s, true], ['Sunny in Rome.']],
    ran: [{ city: 'Rome' }],
    text: 'All done.',
  },
  {
    name: 'a tool that nobody allows',
    answers: [{ toolCalls: [call('Rome')] }, answered],
    tools: () => [noting('weather', () => 'never', { approval: true })],
    calls: [callOf('Rome')],
    results: [[/not allowed/, true]],
    ran: [],
    text: 'All done.',
  },
  {
    name: 'a tool that says nothing, and one that throws',
    answers: [{ toolCalls: [{ name: 'mute' }, { name: 'angry' }] }, answered],
    tools: () => [noting('mute', () => ''), noting('angry', () => Promise.reject(new Error('no network')))],
    calls: [
      ['mute', {}],
      ['angry', {}],
    ],
    results: [[''], [/no network/, true]],
    ran: [{}, {}],
    text: 'All done.',
  },
]
