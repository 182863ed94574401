// A wrapper's two halves: the provider as data, with the accent that model and options ask for, and the options checked.
import type { ThinkTags } from '../dialects/think-tags.ts'
import * as kind from './option-kinds.ts'
import { OptionReader } from './option-reader.ts'
import { type OptionContext, type ProviderData, type ResolvedOptions, resolveOptions } from './options.ts'

const usualTags: ThinkTags = { open: '<think>', close: '</think>' }

/** Throws `ConfigError` as `resolveOptions` does. `modelName` takes the place of the one in the options. */
export function prepared<Accent extends object>(
  data: ProviderData<Accent>,
  raw: object,
  context?: OptionContext,
  modelName?: string,
): [ProviderData<Accent>, ResolvedOptions] {
  const resolved = resolveOptions(data, raw, context)
  if (modelName !== undefined) resolved.modelName = modelName
  const reader = new OptionReader(data.provider, raw)
  const prefill = reader.read('prefill', kind.prefill)
  const own = { ...modelAccent(data, reader, resolved.modelName), ...(prefill !== undefined && { prefill }) }
  const accent = withThinkTags(data, own, reader)
  return [{ ...data, accent }, resolved]
}

/** A name with folders in it, as gateways have them (`openai/gpt-4o`), counts by its last part. */
function modelAccent<Accent extends object>(data: ProviderData<Accent>, reader: OptionReader, name: string): Accent {
  const family = name.slice(name.lastIndexOf('/') + 1)
  const fitting = (data.modelAccents ?? []).filter(({ names, option }) => {
    const switched = option === undefined ? undefined : reader.read(option, kind.flag)
    return switched ?? names.test(family)
  })
  return Object.assign({ ...data.accent }, ...fitting.map(({ accent }) => accent))
}

function withThinkTags<Accent extends object>(
  data: ProviderData<Accent>,
  accent: Accent,
  reader: OptionReader,
): Accent {
  const written = data.ownOptions?.includes('thinkTags') ? reader.read('thinkTags', kind.tags) : undefined
  if (written === undefined) return accent
  const { thinkTags: _, ...plain } = accent as Accent & { thinkTags?: ThinkTags }
  if (written === false) return plain as Accent
  return {
    ...(plain as Accent),
    thinkTags: written === true ? usualTags : written,
  }
}
