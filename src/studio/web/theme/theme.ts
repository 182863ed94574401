// Which theme the page wears: the system's, or one that was chosen and is kept. `public/theme.js` sets it first.
import { effect, signal } from '@preact/signals'
import { keep, kept } from '../state/kept.ts'

export type Theme = 'system' | 'light' | 'dark'

export const themes: readonly Theme[] = ['system', 'light', 'dark']
export const theme = signal<Theme>(first())

function first(): Theme {
  const chosen = kept('theme')
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  keep('theme', chosen === 'system' ? undefined : chosen)
}

/** system, light, dark, and round again. */
export function nextTheme(): void {
  chooseTheme(themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system')
}

effect(() => {
  const chosen = theme.value
  if (chosen === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen
})
