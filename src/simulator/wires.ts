// The seven wires, and which of them a path belongs to.
import { ConfigError } from '../core/error.ts'
import type { Wire, WireName } from './wire.ts'
import { anthropic } from './wires/anthropic.ts'
import { dashscope } from './wires/dashscope.ts'
import { gemini } from './wires/gemini.ts'
import { litellm } from './wires/litellm.ts'
import { ollama } from './wires/ollama.ts'
import { openai } from './wires/openai.ts'
import { zhipuai } from './wires/zhipuai.ts'

export const wires: Readonly<Record<WireName, Wire>> = {
  openai,
  dashscope,
  gemini,
  zhipuai,
  ollama,
  litellm,
  anthropic,
}

export interface Route {
  wire: Wire
  model?: string
  action: string
}

export function routeTo(path: string): Route | undefined {
  for (const wire of Object.values(wires)) {
    const match = wire.match(path)
    if (match !== undefined) return { action: '', ...match, wire }
  }
  return undefined
}

/** @throws ConfigError for a name that is not one of the seven. */
export function wireNamed(name: string): Wire {
  const wire = Object.hasOwn(wires, name) ? wires[name as WireName] : undefined
  if (wire !== undefined) return wire
  throw new ConfigError(`The simulator speaks no wire named "${name}".`, {
    advice: `It speaks ${Object.keys(wires).join(', ')}.`,
  })
}
