// The newest part of a conversation that fits a budget of tokens.
import type { Msg } from '../core/message.ts'
import { type Group, groupsOf, isSystem } from './groups.ts'

/** How much of a conversation may be handed to a model. */
export interface WindowOptions {
  /**
   * Tokens of a whole request as far as they are known: the messages, and what the provider's last usage says that goes
   * with them (system prompt, tools). Leave room for the answer.
   */
  maxTokens: number
}

/** A part of a conversation. */
export interface Window {
  messages: Msg[]
  /** What they weigh, with everything that goes along. */
  tokens: number
}

/** What decides over a window. */
export interface Measure {
  maxTokens: number
  /** Tokens of one message. */
  weigh(message: Msg): number
  /** Tokens that go along with any messages. */
  besides: number
  /** Messages that stay, however old. */
  keep(message: Msg): boolean
}

/**
 * The messages to keep, in order: those that `keep` wants, a leading system message, and as many of the newest as fit,
 * without a gap. A tool call and its result stay or go together. The newest stay even when they alone do not fit.
 * Results without a call are left out: no provider takes them.
 */
export function windowOf(messages: readonly Msg[], measure: Measure): Window {
  const groups = groupsOf(messages).filter((group) => !group.orphan)
  const kept = new Set(groups.filter((group, index) => isPinned(group, index, measure)))
  let tokens = measure.besides
  for (const group of kept) tokens += weightOf(group, measure)
  const newest = groups.at(-1)
  for (const group of groups.toReversed()) {
    if (kept.has(group)) continue
    const weight = weightOf(group, measure)
    if (group !== newest && tokens + weight > measure.maxTokens) break
    kept.add(group)
    tokens += weight
  }
  const given = groups.filter((group) => kept.has(group)).flatMap((group) => group.messages)
  return { messages: given, tokens }
}

function isPinned(group: Group, index: number, { keep }: Measure): boolean {
  const [first] = group.messages
  return (index === 0 && first !== undefined && isSystem(first)) || group.messages.some(keep)
}

function weightOf(group: Group, measure: Measure): number {
  return group.messages.reduce((sum, message) => sum + measure.weigh(message), 0)
}
