// What somebody has begun to answer, kept over a reload of the tab and forgotten when it is sent.
import { useState } from 'preact/hooks'

function read<T>(key: string, first: T): T {
  try {
    const text = sessionStorage.getItem(`studio.draft.${key}`)
    return text === null ? first : (JSON.parse(text) as T)
  } catch {
    return first
  }
}

/** Like `useState`, and a reload keeps it. `undefined` forgets it. */
export function useDraft<T>(key: string, first: T): [T, (value: T | undefined) => void] {
  const [value, setValue] = useState<T>(() => read(key, first))
  const set = (next: T | undefined) => {
    setValue(next ?? first)
    try {
      if (next === undefined) sessionStorage.removeItem(`studio.draft.${key}`)
      else sessionStorage.setItem(`studio.draft.${key}`, JSON.stringify(next))
    } catch {
      // It is kept as long as the tab stays.
    }
  }
  return [value, set]
}

/** What was begun has been sent. */
export function forgetDraft(key: string): void {
  try {
    sessionStorage.removeItem(`studio.draft.${key}`)
  } catch {
    // It was not kept either.
  }
}
