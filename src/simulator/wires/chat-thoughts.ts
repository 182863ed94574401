// What servers of OpenAI's wire refuse in thoughts and signatures that come back, each for its own models.
import { type Asked, refusal } from '../wire.ts'
import { checkThought } from './anthropic-thoughts.ts'
import { type Fields, isFields, recordsIn, stringIn } from './fields.ts'
import { missingSignature } from './gemini-signatures.ts'
import { isClaude, isSigningGemini, signedCall, skipsValidation } from './signed-models.ts'

/** Google's compatible endpoint, DeepSeek and Moonshot, by the model's name. */
export function checkCompatibleThoughts(asked: Asked): void {
  const messages = recordsIn(asked.body['messages'])
  if (isSigningGemini(asked.model)) checkGeminiCalls(messages, asked)
  if (thinksWithTools(asked)) checkReasoning(messages)
}

/** A LiteLLM proxy: the thoughts of Claude and the signatures of Gemini; what is missing of Gemini's it makes up. */
export function checkProxiedThoughts(asked: Asked): void {
  const messages = recordsIn(asked.body['messages'])
  for (const [index, message] of messages.entries()) {
    for (const [at, block] of isClaude(asked.model) ? recordsIn(message['thinking_blocks']).entries() : [])
      checkBlock(block, asked, `${index}.content.${at}`)
    for (const call of recordsIn(message['tool_calls'])) checkCallSignature(call, signatureIn(call, 'proxy'), asked)
  }
  const { thinking } = asked.body
  if (isClaude(asked.model) && isFields(thinking) && thinking['type'] === 'enabled') checkThinkingBlocks(messages)
}

function checkBlock(block: Fields, asked: Asked, at: string): void {
  if (block['type'] === 'thinking' && stringIn(block['signature']) === '') {
    throw refusal(`litellm.BadRequestError: AnthropicException - messages.${at}.thinking.signature: Field required`)
  }
  checkThought(block, asked.issued, `litellm.BadRequestError: AnthropicException - messages.${at}`)
}

function checkThinkingBlocks(messages: readonly Fields[]): void {
  const [index, first] = callsInTurn(messages)[0] ?? []
  if (first === undefined || recordsIn(first['thinking_blocks']).length > 0) return
  throw refusal(
    `litellm.BadRequestError: AnthropicException - messages.${index}.content.0.type: Expected \`thinking\` or ` +
      '`redacted_thinking`, but found `tool_use`.',
  )
}

/** https://ai.google.dev/gemini-api/docs/thought-signatures: of each message with calls the first is signed. */
function checkGeminiCalls(messages: readonly Fields[], asked: Asked): void {
  for (const message of messages) {
    for (const call of recordsIn(message['tool_calls'])) checkCallSignature(call, signatureIn(call, 'google'), asked)
  }
  for (const [index, message] of callsInTurn(messages)) {
    const [first] = recordsIn(message['tool_calls'])
    if (first === undefined || signatureIn(first, 'google') !== '') continue
    throw missingSignature(stringIn((first['function'] as Fields)['name']), index + 1)
  }
}

function checkCallSignature(call: Fields, signature: string, { issued }: Asked): void {
  if (signature === '' || skipsValidation.includes(signature)) return
  const called = isFields(call['function']) ? call['function'] : {}
  const content = signedCall(called['name'], JSON.parse(stringIn(called['arguments']) || '{}'))
  if (!issued.accepts(signature, content)) throw refusal('Thought signature is not valid.')
}

function signatureIn(call: Fields, place: 'google' | 'proxy'): string {
  const extra = call[place === 'google' ? 'extra_content' : 'provider_specific_fields']
  const own = place === 'google' && isFields(extra) ? extra['google'] : extra
  return isFields(own) ? stringIn(own['thought_signature']) : ''
}

/**
 * https://api-docs.deepseek.com/guides/thinking_mode#tool-calls and
 * https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model
 */
function thinksWithTools({ model, body }: Asked): boolean {
  const { thinking } = body
  if (isFields(thinking)) return thinking['type'] === 'enabled' && /deepseek|kimi/.test(model)
  return /deepseek-(reasoner|v[4-9])|kimi-.*thinking/.test(model)
}

function checkReasoning(messages: readonly Fields[]): void {
  const missing = callsInTurn(messages).find(([, message]) => typeof message['reasoning_content'] !== 'string')
  if (missing === undefined) return
  throw refusal(
    `Missing \`reasoning_content\` field in the assistant message at message index ${missing[0]}. The ` +
      '`reasoning_content` in the thinking mode must be passed back to the API.',
    { param: `messages.[${missing[0]}]` },
  )
}

/** The messages with calls behind the last words of a user, and where they stand. */
function callsInTurn(messages: readonly Fields[]): [index: number, message: Fields][] {
  const turn = messages.findLastIndex((message) => message['role'] === 'user')
  return [...messages.entries()].filter(
    ([index, message]) => index > turn && recordsIn(message['tool_calls']).length > 0,
  )
}
