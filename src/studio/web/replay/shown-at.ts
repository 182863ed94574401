// The moment that is shown: of a replay, or none when the page is live.
import { signal } from '@preact/signals'

/** Milliseconds since 1970; told a few times a second, for views that are dear to lay out. */
export const shownAt = signal<number>()
