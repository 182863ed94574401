// Studio's settings as the pages need them: asked once for all, told to all when they change.
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { StudioSettings } from '../../protocol/rest.ts'
import { rest } from '../state/rest.ts'

const settings = signal<StudioSettings | undefined>(undefined)
const failure = signal<Error | undefined>(undefined)

/** Asks when the first page wants to know. Until then, and when it fails, no price is known. */
export function useSettings(): { settings: StudioSettings | undefined; error: Error | undefined; reload(): void } {
  useEffect(() => {
    if (settings.value === undefined) void load()
  }, [])
  return { settings: settings.value, error: failure.value, reload: () => void load() }
}

/** @throws RestError when Studio refuses them; what was there before stays. */
export async function saveSettings(changes: Partial<StudioSettings>): Promise<void> {
  await rest('/api/settings', { method: 'PUT', body: changes })
  settings.value = { ...settings.value, ...changes }
}

async function load(): Promise<void> {
  try {
    settings.value = await rest<StudioSettings>('/api/settings')
    failure.value = undefined
  } catch (error) {
    failure.value = error as Error
  }
}
