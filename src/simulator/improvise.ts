// A model that makes something up: it talks, calls tools and gives JSON as a small model would, without a network or a key.
import type { ToolSchema } from '../core/tool.ts'
import { type Conversation, conversationIn, textsIn } from './improvising/conversation.ts'
import { listedIn, seedFor, stem, wordsIn } from './improvising/language.ts'
import { type Material, valueFor } from './improvising/value.ts'
import { toolChoiceIn, type WantedJson, wantedJson, wantsThoughts, withoutInstruction } from './improvising/wanted.ts'
import { answerTo, thoughtOf } from './improvising/words.ts'
import type { ModelFunction, ModelRequest, Script, ScriptToolCall } from './script.ts'
import { isFields } from './value.ts'

/** Tools that end the work with a value: those of `structuredModel`, in AgentScope and here. */
const finishTool = 'generate_response'

/** So many calls in one turn at most. */
const mostCalls = 4

/**
 * Answers any request of any wire, and the same request always alike: it speaks to whoever spoke last; calls the tools
 * whose names (else descriptions) share words with that, one tool a round, at once for each of several things that are
 * listed ("Rome and Oslo"), with arguments of their schema made of the words; tells what came out; gives JSON that fits
 * when a format, a schema in words, or a tool that must be called asks for it; and thinks aloud when thoughts are asked for.
 *
 * ```ts
 * await using sim = await simulator({ models: { '*': improvise } })
 * ```
 */
export const improvise: ModelFunction = (request) => {
  const conversation = heard(request)
  const calls = callsFor(request, conversation)
  const thinking = wantsThoughts(request) && {
    thinking: thoughtOf(conversation, [...new Set(calls.map(({ name }) => name))]),
  }
  if (calls.length > 0) return { ...thinking, toolCalls: calls }
  return { ...thinking, text: textFor(request, conversation) }
}

function heard({ messages, body }: ModelRequest): Conversation {
  const own = body['system'] ?? body['systemInstruction'] ?? body['system_instruction']
  const system = typeof own === 'string' ? own : textsIn(isFields(own) ? own : { content: own })
  const conversation = conversationIn(messages, system)
  return { ...conversation, asked: withoutInstruction(conversation.asked) }
}

function textFor(request: ModelRequest, conversation: Conversation): Script['text'] & string {
  const seed = seedFor(conversation.self, conversation.all)
  const answer = answerTo(conversation, seed)
  const wanted = wantedJson(request, promptOf(request, conversation))
  return wanted === undefined ? answer : jsonFor(wanted, conversation, answer)
}

function promptOf({ messages }: ModelRequest, { system }: Conversation): string {
  const last = messages.filter(isFields).findLast(({ role }) => role === 'user')
  return `${system}\n${last === undefined ? '' : textsIn(last)}`
}

function jsonFor({ schema, fenced }: WantedJson, conversation: Conversation, answer: string): string {
  const shape = Object.keys(schema).length === 0 ? anything : schema
  const value = JSON.stringify(valueFor(shape, answering(conversation, answer)), null, fenced ? 2 : undefined)
  return fenced ? `\`\`\`json\n${value}\n\`\`\`` : value
}

/** What JSON of no given shape holds. */
const anything = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] }

function answering(conversation: Conversation, sentence: string): Material {
  const { asked, results, self } = conversation
  return {
    text: [asked, ...results.map(({ text }) => text)].join('\n'),
    sentence,
    except: self === undefined ? [] : [self],
    seed: seedFor(self, conversation.all),
    optional: true,
  }
}

function callsFor(request: ModelRequest, conversation: Conversation): ScriptToolCall[] {
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
  return { name, input: valueFor(parameters ?? {}, answering(conversation, answer)) }
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
  const { name, parameters = {} } = tool
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
