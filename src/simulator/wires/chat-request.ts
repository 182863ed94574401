// What OpenAI's chat completions, and those who took over its request, refuse.
import { refusal } from '../wire.ts'
import { type ChatRules, checkMessages } from './chat-messages.ts'
import { wrongType } from './chat-refusals.ts'
import { checkTools } from './chat-tools.ts'
import { type Fields, stringIn } from './fields.ts'

export function checkChatRequest(body: Fields, rules: ChatRules): void {
  if (stringIn(body['model']) === '') throw refusal('you must provide a model parameter', { param: 'model' })
  checkMessages(body['messages'], rules)
  checkTools(body)
  checkOptions(body)
}

function checkOptions(body: Fields): void {
  const { stream, stream_options: options, temperature } = body
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw wrongType('stream', 'a boolean', stream)
  }
  if (options !== undefined && options !== null && stream !== true) {
    throw refusal("The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
      param: 'stream_options',
    })
  }
  if (temperature !== undefined && temperature !== null && typeof temperature !== 'number') {
    throw wrongType('temperature', 'a decimal', temperature)
  }
}
