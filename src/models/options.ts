// The options that all seven wrappers share, as a user writes them.
import type { Clocks } from '../stream/clocks.ts'

/** A function from request to response; the platform's `fetch` is one, the simulator's another. */
export type Handler = (request: Request) => Promise<Response>

/** What every wrapper takes. AgentScope's snake_case names are accepted too (`config_name`, `model_name`, ...). */
export interface ChatWrapperOptions {
  /** The name by which agents find this model. Default: the model name. */
  configName?: string
  /** The provider's model id. */
  modelName?: string
  /** Default: the provider's environment variable. */
  apiKey?: string
  /** Default: the provider's environment variable, else its public address. */
  baseUrl?: string
  /** Whether replies stream unless a call says otherwise. Default false. */
  stream?: boolean
  /** Generation options sent with every call, in the provider's own words (`temperature`, ...). A call's own win. */
  generateArgs?: Record<string, unknown>
  /** How often a request is sent again before the first content. Default 2. */
  maxRetries?: number
  clocks?: Partial<Clocks>
  /** Takes the place of the platform's `fetch`. */
  fetch?: Handler
  /** Sent with every request; they win over the wrapper's own. */
  headers?: Record<string, string>
  /** What to do with a frame that is no JSON: stop with a `WireError` (default), or skip it and go on. */
  onBrokenFrame?: 'stop' | 'skip'
}
