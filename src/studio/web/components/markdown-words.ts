// The few words that Studio adds to what a model wrote.

import type { Words } from '../hot/safe-link.ts'
import { englishWords } from '../hot/safe-link.ts'
import { dictionary } from '../i18n/dictionary.ts'

export const markdownWords = dictionary<Words>({
  en: englishWords,
  zh: { open: '打开', image: '图片', highlight: '为这段代码着色', code: '代码' },
})
