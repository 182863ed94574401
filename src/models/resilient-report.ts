// What a message tells of the requests that made it up: who was asked, how each ended, what all of them used.
import type { Ending } from '../core/ending.ts'
import type { Metadata } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import type { Inquiry, RequestLeg } from './request-leg.ts'

/** A model as metadata and notices name it. */
export interface ModelOf {
  configName: string
  modelName: string
  provider: string
}

export function modelOf({ configName, modelName, provider }: Inquiry): ModelOf {
  return { configName, modelName, provider }
}

/** One request, as `metadata.attempts` lists it. */
export function attemptOf({ inquiry, reply, way }: RequestLeg, ending: Ending): Metadata {
  const { usage, requestId, metadata } = reply
  const responseId = metadata['responseId']
  return {
    ...modelOf(inquiry),
    ...(way !== undefined && { way }),
    ending: { ...ending },
    ...(usage !== undefined && { usage }),
    ...(requestId !== undefined && { requestId }),
    ...(responseId !== undefined && { responseId }),
  }
}

const counts = [
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cachedInputTokens',
  'cacheWriteInputTokens',
  'reasoningTokens',
] as const

/** The sum of what was reported; `raw` is the one report there is, or the list of all. */
export function summedUsage(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const reported = usages.filter((usage) => usage !== undefined)
  const [first] = reported
  if (first === undefined || reported.length === 1) return first
  const sum: Usage = { raw: reported.map(({ raw }) => raw) }
  for (const name of counts) {
    const values = reported.map((usage) => usage[name]).filter((value) => value !== undefined)
    if (values.length > 0) sum[name] = values.reduce((total, value) => total + value, 0)
  }
  return sum
}
