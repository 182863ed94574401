// The words of the search page.
import { dictionary } from '../i18n/dictionary.ts'
import { plural } from '../i18n/format.ts'

export const searchWords = dictionary({
  en: {
    title: 'Search',
    field: 'Search runs, messages and spans',
    prompt: 'Words from a run, a message, an error, a question or a span…',
    runs: 'Runs',
    messages: 'Messages',
    told: 'Errors and questions',
    error: 'error',
    question: 'question',
    spans: 'Spans',
    found: (count: number) => plural(count, 'result', 'results'),
    nothing: 'Nothing found',
    nothingText: (text: string) => `No run, message, error, question or span holds “${text}”.`,
    start: 'Search everything that was said',
    startText: 'Three letters or more. ⌘K opens the palette from anywhere.',
    failed: 'failed',
  },
  zh: {
    title: '搜索',
    field: '搜索运行、消息和跨度',
    prompt: '输入运行、消息、错误、提问或跨度中的文字…',
    runs: '运行',
    messages: '消息',
    told: '错误和提问',
    error: '错误',
    question: '提问',
    spans: '跨度',
    found: (count) => `${count} 条结果`,
    nothing: '没有找到',
    nothingText: (text) => `没有运行、消息、错误、提问或跨度包含“${text}”。`,
    start: '搜索说过的一切',
    startText: '至少三个字母。按 ⌘K 可随时打开命令面板。',
    failed: '失败',
  },
})
