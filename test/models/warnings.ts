// A context for options that listens to warnings and knows only the environment it is given.
import type { OptionContext } from '../../src/models/options.ts'

export function listening(environment: Record<string, string> = {}): OptionContext & { warnings: string[] } {
  const warnings: string[] = []
  return { environment, warnings, warn: (message) => warnings.push(message) }
}

/** The error that `act` throws; fails when it throws none. */
export function thrown(act: () => unknown): Error & { advice?: string; provider?: string; type?: string } {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
