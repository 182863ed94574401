// Small questions about received JSON, asked by every wire's checks.

import { type Fields, isFields } from '../../core/kind.ts'
import type { ToolSchema } from '../../core/tool.ts'
import { kindOf } from '../value.ts'

export { type Fields, isFields, kindOf }

export function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function recordsIn(value: unknown): Fields[] {
  return listIn(value).filter(isFields)
}

export function stringIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function isWholeNumber(value: unknown, least = 0): value is number {
  return Number.isInteger(value) && (value as number) >= least
}

/** A tool as a wire describes it, under the neutral names. */
export function toolSchema(name: unknown, description: unknown, parameters: unknown): ToolSchema {
  return {
    name: stringIn(name),
    ...(typeof description === 'string' && { description }),
    ...(isFields(parameters) && { parameters }),
  }
}

/** Tools as OpenAI and those who follow it describe them. */
export function functionTools(tools: unknown): ToolSchema[] {
  return recordsIn(tools).flatMap(({ function: each }) =>
    isFields(each) ? [toolSchema(each['name'], each['description'], each['parameters'])] : [],
  )
}
