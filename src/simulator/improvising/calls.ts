// Which tools an improvising model calls, and with what.
import { isFields } from '../../core/kind.ts'
import type { ToolSchema } from '../../core/tool.ts'
import type { ModelRequest, ScriptToolCall } from '../script.ts'
import type { Conversation } from './conversation.ts'
import { listedIn, seedFor, stem, wordsIn } from './language.ts'
import { type Material, valueFor } from './value.ts'
import { toolChoiceIn } from './wanted.ts'
import { answerTo } from './words.ts'

/** Tools that end the work with a value: those of `structuredModel`, in AgentScope and here. */
const finishTool = 'generate_response'

/** So many calls in one turn at most. */
const mostCalls = 4

/** The input of a tool that takes none. */
const nothing = { type: 'object' }

/** None when there is nothing to be called, or no more. */
export function callsFor(request: ModelRequest, conversation: Conversation): ScriptToolCall[] {
  const { mode, names } = toolChoiceIn(request)
  if (mode === 'none') return []
  const offered = names.length === 0 ? request.tools : request.tools.filter(({ name }) => names.includes(name))
  const finish = offered.find(({ name }) => name === finishTool)
  const others = offered.filter((tool) => tool !== finish)
  const next = toolsFor(conversation, others).find(({ name }) => !conversation.called.includes(name))
  if (next !== undefined) return callsOf(next, conversation)
  if (finish !== undefined) return [finishing(finish, conversation)]
  const [any] = others
  return mode === 'required' && any !== undefined ? callsOf(any, conversation) : []
}

function finishing({ name, parameters }: ToolSchema, conversation: Conversation): ScriptToolCall {
  const answer = answerTo(conversation, seedFor(conversation.self, conversation.all))
  return { name, input: valueFor(parameters ?? nothing, answering(conversation, answer)) }
}

/** Those whose name the words name, in the order in which they do; else the one whose description comes nearest. */
function toolsFor({ asked }: Conversation, tools: readonly ToolSchema[]): ToolSchema[] {
  const words = wordsIn(asked).map(stem)
  const placed = tools.map((tool) => ({ tool, at: firstOf(words, meaningful(tool.name)) }))
  const named = placed.filter(({ at }) => at >= 0).sort((one, other) => one.at - other.at)
  if (named.length > 0) return named.map(({ tool }) => tool)
  const scored = tools.map((tool) => {
    const described = new Set(meaningful(tool.description ?? ''))
    return { tool, score: new Set(words.filter((word) => described.has(word))).size }
  })
  const best = scored.reduce((one, other) => (other.score > (one?.score ?? 0) ? other : one), undefined as Scored)
  return best === undefined ? [] : [best.tool]
}

type Scored = { tool: ToolSchema; score: number } | undefined

/** Words that say nothing of what a tool does. */
const vague = new Set(
  'get list make find tool use call give tell show read write look search run with from that this will for and the of an to in by is it its as or at on one all any what current given returns return user your you'
    .split(' ')
    .map(stem),
)

function meaningful(text: string): string[] {
  const stems = wordsIn(text).map(stem)
  const telling = stems.filter((word) => word.length > 1 && !vague.has(word))
  return telling.length > 0 ? telling : stems
}

function firstOf(words: readonly string[], wanted: readonly string[]): number {
  return words.findIndex((word) => wanted.includes(word))
}

/** One call; one for each when several things are listed and the tool takes a single word. */
function callsOf(tool: ToolSchema, conversation: Conversation): ScriptToolCall[] {
  const { name, parameters = nothing } = tool
  const { asked, results, self, names } = conversation
  const except = [...names, ...(self === undefined ? [] : [self]), ...wordsIn(`${name} ${tool.description ?? ''}`)]
  const text = [asked, ...results.map((result) => result.text)].join('\n')
  const material: Material = { text, sentence: asked, except, seed: seedFor(name, asked), optional: false }
  const listed = takesOneWord(parameters) ? listedIn(asked, except).slice(0, mostCalls) : []
  const texts = listed.length > 1 ? listed.map((thing) => `"${thing}"`) : [text]
  return texts.map((each) => ({ name, input: valueFor(parameters, { ...material, text: each }) }))
}

function takesOneWord({ properties, required }: Record<string, unknown>): boolean {
  if (!isFields(properties) || !Array.isArray(required) || required.length !== 1) return false
  const only = properties[String(required[0])]
  return isFields(only) && String(only['type']).toLowerCase() === 'string' && !('enum' in only)
}

/** What the JSON of an answer is made of. */
export function answering(conversation: Conversation, sentence: string): Material {
  const { asked, results, self } = conversation
  return {
    text: [asked, ...results.map(({ text }) => text)].join('\n'),
    sentence,
    except: self === undefined ? [] : [self],
    seed: seedFor(self, conversation.all),
    optional: true,
  }
}
