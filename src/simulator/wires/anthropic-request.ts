// What Anthropic refuses.
import { type Asked, refusal } from '../wire.ts'
import { checkMessages } from './anthropic-messages.ts'
import { checkThoughts } from './anthropic-thoughts.ts'
import { checkTools } from './anthropic-tools.ts'
import { type Fields, isFields, isWholeNumber, stringIn } from './fields.ts'
import { checkAnthropicFormat } from './response-format.ts'

export function checkAnthropicRequest(asked: Asked): void {
  const { body, headers } = asked
  if (headers.get('anthropic-version') === null) throw refusal('anthropic-version: header is required')
  if (stringIn(body['model']) === '') throw refusal('model: Field required')
  if (body['max_tokens'] === undefined) throw refusal('max_tokens: Field required')
  if (!isWholeNumber(body['max_tokens'], 1)) throw refusal('max_tokens: Input should be a whole number of at least 1')
  checkSystem(body['system'])
  checkMessages(body['messages'])
  checkTools(body)
  checkThinking(body)
  checkThoughts(asked)
  checkAnthropicFormat(body)
}

function checkSystem(system: unknown): void {
  if (system === undefined || typeof system === 'string') return
  const isList = Array.isArray(system) && system.every((block) => isFields(block) && block['type'] === 'text')
  if (!isList) throw refusal('system: Input should be a string or a list of text blocks')
}

function checkThinking(body: Fields): void {
  const { thinking } = body
  if (!isFields(thinking) || thinking['type'] !== 'enabled') return
  const budget = thinking['budget_tokens']
  if (!isWholeNumber(budget, 1024)) {
    throw refusal('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024')
  }
  if (budget >= (body['max_tokens'] as number))
    throw refusal('`max_tokens` must be greater than `thinking.budget_tokens`')
}
