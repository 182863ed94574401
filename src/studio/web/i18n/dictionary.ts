// Words in every language, side by side where they are used: one that is missing is a type error.
import { language } from './language.ts'

/**
 * A page's words. Call the result inside a component: it renders again when the language changes. A word with a number
 * or a name in it is a function.
 *
 * ```ts
 * const words = dictionary({ en: { gone: 'Gone', found: (n: number) => plural(n, 'run', 'runs') }, zh: { … } })
 * words().gone
 * ```
 */
export function dictionary<Words>(both: { en: Words; zh: NoInfer<Words> }): () => Words {
  return () => both[language.value]
}
