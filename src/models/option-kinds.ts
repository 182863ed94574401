// What an option's value must be, in words for the error and as a test; and what came instead, without showing it.
import { isPlainObject, kindOf } from '../core/kind.ts'
import type { PrefillWay } from '../dialects/prefill.ts'
import type { StructuredWay } from '../dialects/structured.ts'
import type { ThinkTags } from '../dialects/think-tags.ts'
import type { Clocks } from '../stream/clocks.ts'
import type { Handler } from './options.ts'

export { isPlainObject, kindOf }

/** `expected` completes the sentence "expected ...". */
export interface Kind<T> {
  readonly expected: string
  is(value: unknown): value is T
}

export const text: Kind<string> = {
  expected: 'a string that is not empty',
  is: (value): value is string => typeof value === 'string' && value.trim() !== '',
}

/** A key: checked closer, and without showing it, where it is used. */
export const anyText: Kind<string> = {
  expected: 'a string',
  is: (value): value is string => typeof value === 'string',
}

export const flag: Kind<boolean> = {
  expected: 'true or false',
  is: (value): value is boolean => typeof value === 'boolean',
}

export const settings: Kind<Record<string, unknown>> = { expected: 'an object', is: isPlainObject }

export const count: Kind<number> = {
  expected: 'a whole number of at least 0',
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
}

export const positiveCount: Kind<number> = {
  expected: 'a whole number of at least 1',
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 1,
}

export const bytes: Kind<number> = {
  expected: 'a number of bytes of at least 1',
  is: (value): value is number => typeof value === 'number' && value >= 1,
}

export const amount: Kind<number> = {
  expected: 'a number of at least 0',
  is: (value): value is number => typeof value === 'number' && value >= 0 && Number.isFinite(value),
}

export const attempts: Kind<boolean | number> = {
  expected: 'true, false or a whole number of at least 0',
  is: (value): value is boolean | number => flag.is(value) || count.is(value),
}

export const list: Kind<readonly unknown[]> = {
  expected: 'a list',
  is: (value): value is readonly unknown[] => Array.isArray(value),
}

/** An object of options, or something that was made from one. */
export const object: Kind<object> = {
  expected: 'an object',
  is: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
}

export const objectOrNumber: Kind<object | number> = {
  expected: 'an object',
  is: (value): value is object | number => typeof value === 'number' || object.is(value),
}

const prefillWays: readonly unknown[] = [
  'plain',
  'partial',
  'prefix',
  'continue-final-message',
  'none',
] satisfies PrefillWay[]

export const prefill: Kind<PrefillWay> = {
  expected: '"plain", "partial", "prefix", "continue-final-message" or "none"',
  is: (value): value is PrefillWay => prefillWays.includes(value),
}

export const duration: Kind<number> = {
  expected: 'a number above 0 (Infinity switches it off)',
  is: (value): value is number => typeof value === 'number' && value > 0,
}

export const textOrNumber: Kind<string | number> = {
  expected: 'a duration such as "5m", or a number of seconds',
  is: (value): value is string | number => text.is(value) || (typeof value === 'number' && !Number.isNaN(value)),
}

export const handler: Kind<Handler> = {
  expected: 'a function from Request to Promise<Response>',
  is: (value): value is Handler => typeof value === 'function',
}

export const brokenFrame: Kind<'stop' | 'skip'> = {
  expected: '"stop" or "skip"',
  is: (value): value is 'stop' | 'skip' => value === 'stop' || value === 'skip',
}

const structuredWays: readonly unknown[] = [
  'json-schema',
  'json-object',
  'tool-call',
  'prompt',
] satisfies StructuredWay[]

export const structuredWay: Kind<StructuredWay> = {
  expected: '"json-schema", "json-object", "tool-call" or "prompt"',
  is: (value): value is StructuredWay => structuredWays.includes(value),
}

export const tags: Kind<ThinkTags | boolean> = {
  expected: 'true, false, or { open, close, opened? } with two strings that are not empty and a boolean',
  is: (value): value is ThinkTags | boolean =>
    typeof value === 'boolean' ||
    (isPlainObject(value) &&
      text.is(value['open']) &&
      text.is(value['close']) &&
      (value['opened'] === undefined || flag.is(value['opened']))),
}

export const clocks: Readonly<Record<keyof Clocks, Kind<number | boolean>>> = {
  headersMs: duration,
  firstContentMs: duration,
  stallMs: duration,
  silenceNoticeMs: duration,
  pingsAreProgress: flag,
}
