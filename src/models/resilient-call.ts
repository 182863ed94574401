// A call that may take several requests: what each model is asked, and the reply above them.
import type { PrefillAccent } from '../dialects/prefill.ts'
import type { AfterBreak } from './after-break.ts'
import type { CallOptions } from './call-options.ts'
import { goingOn } from './going-on.ts'
import { inProvider } from './named-errors.ts'
import { messagesFor } from './other-wire.ts'
import type { PromptMessage } from './prompt.ts'
import { questionOf } from './question.ts'
import { Reply } from './reply.ts'
import type { Inquiry } from './request-leg.ts'
import { ResilientReply } from './resilient-reply.ts'
import type { AskedShape } from './structured.ts'
import { estimatedPromptTokens } from './token-estimate.ts'
import { askerOf, type ChatWrapper } from './wrapper.ts'

/** What a wrapper was called with. */
export interface ResilientCall {
  wrapper: ChatWrapper
  messages: readonly PromptMessage[]
  options: CallOptions
  afterBreak: AfterBreak
  shape: AskedShape | undefined
  streaming: boolean
}

/** Asks, as `ResilientReply.open` does. */
export function openResilient(call: ResilientCall): Promise<ResilientReply> {
  const { wrapper, options, afterBreak, streaming } = call
  return ResilientReply.open({
    id: crypto.randomUUID(),
    provider: wrapper.provider,
    afterBreak,
    signal: options.signal,
    isStreaming: streaming,
    inquiries: [() => inquiry(call), ...afterBreak.fallbacks.map((find) => () => inquiryAt(find(), call))],
  })
}

/** Generation options are in the words of the wire that was asked first; on another one only what all share is said. */
function inquiryAt(wrapper: ChatWrapper, call: ResilientCall): Inquiry {
  const asked = askerOf(call.wrapper).data.dialect.name
  const own = askerOf(wrapper).data.dialect.name
  const { tools, toolChoice, tool_choice, structuredModel, signal } = call.options
  const options = own === asked ? call.options : { tools, toolChoice, tool_choice, structuredModel, signal }
  const messages = messagesFor(call.messages, asked, { dialect: own, format: wrapper.format.bind(wrapper) })
  return inquiry({ ...call, wrapper, messages, options })
}

/** The question to that wrapper. */
function inquiry({ wrapper, messages, options, shape, streaming, afterBreak }: ResilientCall): Inquiry {
  const { configName, modelName, provider } = wrapper
  const { data, options: ours, secrets, planOf } = askerOf(wrapper)
  const isCounted = afterBreak.budgets.length > 0
  const question = inProvider(provider, () => questionOf(data, ours, messages, options, shape))
  return {
    configName,
    modelName,
    provider,
    secrets,
    structured: question.structured,
    isHeldToForm: question.format !== undefined,
    inputTokens: estimatedPromptTokens([question.messages, question.tools]),
    goingOn: (broken) => goingOn(question, data.accent as PrefillAccent, broken),
    open: async (writer, signal, next) =>
      Reply.open({ ...planOf(next?.question ?? question, signal, streaming, writer), isCounted }),
  }
}
