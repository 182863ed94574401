// What recorded replies of real services show (they lie beside the checkout, at ../shared/corpus).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type QuirkName, streamQuirks } from '../../src/doctor/index.ts'

const corpus = join(import.meta.dirname, '../../../shared/corpus')

const known: [file: string, dialect: string, quirks: QuirkName[]][] = [
  ['openai/text-usage-last-chunk.sse', 'openai-chat', []],
  ['openai/tool-parallel-gpt5.sse', 'openai-chat', []],
  ['openai/azure-first-chunk-prompt-filter.sse', 'openai-chat', ['empty-choices']],
  ['openai/n2-two-choices.sse', 'openai-chat', ['other-choice']],
  ['openai/text-no-usage-2023.sse', 'openai-chat', ['usage-missing']],
  ['openai/compat-deepseek-reasoning.sse', 'openai-chat', ['reasoning-content']],
  [
    'openai/compat-openrouter-error-midstream.sse',
    'openai-chat',
    ['reasoning', 'error-in-stream', 'role-repeated', 'comments'],
  ],
  ['litellm/tool-call-changing-id.sse', 'openai-chat', ['call-empty-id', 'role-never', 'changing-id']],
  ['zhipu/tool-single.sse', 'openai-chat', ['reasoning-content', 'call-whole-arguments', 'role-repeated']],
  ['dashscope-compat/tool-call.sse', 'openai-chat', ['call-empty-id']],
  ['ollama/text-llama3.ndjson', 'ollama', []],
  ['ollama/tool-parallel.ndjson', 'ollama', ['think-tags-opened']],
  ['ollama/thinking-then-tool.ndjson', 'ollama', ['thinking']],
  ['ollama/error-mid-stream.ndjson', 'ollama', ['error-in-stream']],
  ['dashscope/cumulative-text.sse', 'dashscope', ['output-text', 'cumulative']],
  ['dashscope/multimodal-vl-text.sse', 'dashscope', ['parts-content']],
  ['dashscope/error-invalid-parameter.sse', 'dashscope', ['error-event']],
  ['anthropic/error-overloaded-midstream.sse', 'anthropic', ['error-event']],
  ['gemini/thinking.sse', 'gemini', ['thinking']],
]

test.skipIf(!existsSync(corpus))('recorded replies show their known quirks (skipped without ../shared/corpus)', () => {
  const found = known.map(([file, dialect]) => {
    const type = file.endsWith('.ndjson') ? 'application/x-ndjson' : 'text/event-stream'
    return [file, dialect, streamQuirks(dialect, readFileSync(join(corpus, file)), type)]
  })
  expect(found).toEqual(known)
})
