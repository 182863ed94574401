// What a LiteLLM proxy says about cost and backend in its headers; any OpenAI-like wrapper may stand before one.
// https://docs.litellm.ai/docs/proxy/response_headers
import type { Metadata } from '../core/message.ts'
import type { HeaderFields } from '../stream/exchange.ts'

const prefix = 'x-litellm-'
/** One of these is always there when a proxy answers; asking for them is cheaper than reading all headers. */
const telling = ['call-id', 'version', 'model-id', 'response-cost'].map((name) => prefix + name)

/** `litellm` with everything it says, and `responseCost` as a number; empty when no proxy answered. */
export function litellmMetadata(headers: HeaderFields): Metadata {
  if (!telling.some((name) => headers.get(name) !== null)) return {}
  const litellm: Record<string, string> = {}
  for (const [name, value] of headers) if (name.startsWith(prefix)) litellm[name.slice(prefix.length)] = value
  const cost = Number.parseFloat(litellm['response-cost'] ?? '')
  return { litellm, ...(Number.isFinite(cost) && { responseCost: cost }) }
}
