// The words of the graph of agents, and of the speeds beside it.
import { dictionary } from '../i18n/dictionary.ts'
import { formatNumber, plural } from '../i18n/format.ts'

export const agentGraphWords = dictionary({
  en: {
    title: 'Who answered whom, and who called which tool',
    hint: 'An arrow leads to who spoke in answer. Choose a name to see its links in words.',
    hidden: (count: number) => `${plural(count, 'name is', 'names are')} left out.`,
    loadedOnly: 'Counted over the messages that are loaded.',
    said: (name: string, count: number) => `${name}: ${plural(count, 'message', 'messages')}.`,
    called: (name: string, count: number) => `${name}: ${plural(count, 'call', 'calls')}.`,
    answers: (who: string, whom: string, times: string) => `${who} answered ${whom} ${times}×.`,
    calls: (who: string, tool: string, times: string) => `${who} called ${tool} ${times}×.`,
    streams: 'Writing now',
    about: (rate: string) => `about ${rate} tok/s`,
    speedOf: (name: string) => `Tokens a second of ${name}, over the last minute`,
  },
  zh: {
    title: '谁回应了谁，谁调用了哪个工具',
    hint: '箭头指向作出回应的一方。选择名称可用文字查看其联系。',
    hidden: (count) => `另有 ${formatNumber(count)} 个名称未显示。`,
    loadedOnly: '仅统计已加载的消息。',
    said: (name, count) => `${name}：${formatNumber(count)} 条消息。`,
    called: (name, count) => `${name}：${formatNumber(count)} 次调用。`,
    answers: (who, whom, times) => `${who} 回应了 ${whom} ${times} 次。`,
    calls: (who, tool, times) => `${who} 调用了 ${tool} ${times} 次。`,
    streams: '正在书写',
    about: (rate) => `约 ${rate} 词元/秒`,
    speedOf: (name) => `${name} 最近一分钟的词元速度`,
  },
})
