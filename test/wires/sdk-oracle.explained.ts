// Where we read a reply otherwise than the vendor's SDK, and why. What is listed here must be exactly the difference.
import type { Reading } from '../suites/sdk-readers.ts'

export interface Explanation {
  why: string
  /** Our reading, made from theirs. */
  ours(theirs: Reading): Reading
}

export const explained: Readonly<Record<string, Explanation>> = {
  'openai/compat-openrouter-error-midstream': {
    why: 'the SDK throws as soon as a chunk holds an error; we also keep the counters that stand in that chunk',
    ours: (theirs) => ({ ...theirs, usage: { input: 43, output: 10 } }),
  },
  'litellm/tool-call-changing-id': {
    why: 'the SDK refuses a message in which no chunk named the role; it has a finish reason, so for us it is whole',
    ours: (theirs) => ({ ...theirs, failed: false }),
  },
  'gemini/prompt-blocked-safety': {
    why: 'no candidate came, so the SDK has no finish reason; we give the reason for which the prompt was blocked',
    ours: (theirs) => ({ ...theirs, finish: 'SAFETY' }),
  },
  'made/openai/no-index': {
    why: 'the SDK needs an index on each piece of a tool call and fails; some servers send none, and we go by the id',
    ours: (theirs) => ({
      ...theirs,
      toolCalls: [{ id: 'a', name: 'water', input: { bed: 3 } }],
      finish: 'tool_calls',
      failed: false,
    }),
  },
  'made/anthropic/cut-off': {
    why: 'the SDK takes what broke off for done and guesses the cut tool input; for us it failed, and there is no input',
    ours: (theirs) => ({ ...theirs, toolCalls: [{ id: 't', name: 'water', input: undefined }], failed: true }),
  },
  'made/gemini/cut-off': {
    why: 'a reply without a finish reason broke off; the SDK does not look whether there was one',
    ours: (theirs) => ({ ...theirs, failed: true }),
  },
}
