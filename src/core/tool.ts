// How a tool is described to a model, the same for every wire.

/** A tool's name, what it is for, and the JSON Schema of its input. */
export interface ToolSchema {
  name: string
  description?: string
  /** JSON Schema of type `object`. Absent: the tool takes nothing. */
  parameters?: Record<string, unknown>
  strict?: boolean
}

/** Let the model choose, forbid tools, demand one of them, or demand the one that is named. */
export type ToolChoice = 'auto' | 'none' | 'required' | (string & {})

/** A call as `response.toolCalls` gives it: `input` stays `undefined` while its JSON is not proved whole. */
export interface ToolCall {
  id: string
  name: string
  input: unknown
  rawInput: string
}
