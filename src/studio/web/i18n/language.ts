// Which language the page speaks: a choice that is kept, else the browser's. What runs say is not touched by it.
import { effect, signal } from '@preact/signals'
import { keep, kept } from '../state/kept.ts'

export type Language = 'en' | 'zh'

export const languages: readonly { id: Language; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'zh', name: '中文' },
]

export const language = signal<Language>(first())

function first(): Language {
  const chosen = kept('language')
  if (chosen === 'en' || chosen === 'zh') return chosen
  return globalThis.navigator?.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function chooseLanguage(id: Language): void {
  language.value = id
  keep('language', id)
}

effect(() => {
  const id = language.value
  if (globalThis.document !== undefined) document.documentElement.lang = id
})
