// The words of the inbox.
import { dictionary } from '../i18n/dictionary.ts'
import { plural } from '../i18n/format.ts'

export const inboxWords = dictionary({
  en: {
    title: 'Inbox',
    waiting: (count: number) => plural(count, 'question waits', 'questions wait'),
    empty: 'Nobody waits for you',
    emptyText: 'Questions and approvals of all runs appear here, the oldest first.',
    answered: 'Answered lately',
    open: 'Open the run',
    from: (run: string) => `In ${run}`,
  },
  zh: {
    title: '待办',
    waiting: (count) => `${count} 个问题在等待`,
    empty: '没有人在等你',
    emptyText: '所有运行的提问和审批都会显示在这里，最早的在前。',
    answered: '最近已回答',
    open: '打开运行',
    from: (run) => `来自 ${run}`,
  },
})
