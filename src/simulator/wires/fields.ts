// Small questions about received JSON, asked by every wire's checks.
import type { ToolSchema } from '../../core/tool.ts'
import { isRecord, kindOf } from '../value.ts'

export { isRecord, kindOf }

export type Fields = Record<string, unknown>

export function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function recordsIn(value: unknown): Fields[] {
  return listIn(value).filter(isRecord)
}

export function stringIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function isWholeNumber(value: unknown, least = 0): value is number {
  return Number.isInteger(value) && (value as number) >= least
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A tool as a wire describes it, under the neutral names. */
export function toolSchema(name: unknown, description: unknown, parameters: unknown): ToolSchema {
  return {
    name: stringIn(name),
    ...(typeof description === 'string' && { description }),
    ...(isRecord(parameters) && { parameters }),
  }
}

/** Tools as OpenAI and those who follow it describe them. */
export function functionTools(tools: unknown): ToolSchema[] {
  return recordsIn(tools).flatMap(({ function: each }) =>
    isRecord(each) ? [toolSchema(each['name'], each['description'], each['parameters'])] : [],
  )
}
