// The words of the shared components, in every language.
import { dictionary } from '../i18n/dictionary.ts'
import { formatNumber, plural } from '../i18n/format.ts'

export const words = dictionary({
  en: {
    status: {
      running: 'Running',
      waiting: 'Waiting for you',
      done: 'Done',
      failed: 'Failed',
      stopped: 'Stopped',
      lost: 'Lost',
    },
    close: 'Close',
    cancel: 'Cancel',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'The browser did not let it be copied.',
    retry: 'Try again',
    failedToLoad: 'This could not be loaded',
    loading: 'Loading',
    showAll: (count: number) => `Show all ${formatNumber(count)}`,
    items: (count: number) => plural(count, 'item', 'items'),
    keys: (count: number) => plural(count, 'field', 'fields'),
    expand: 'Unfold',
    trend: 'Trend',
  },
  zh: {
    status: {
      running: '运行中',
      waiting: '等待你',
      done: '已完成',
      failed: '失败',
      stopped: '已停止',
      lost: '失联',
    },
    close: '关闭',
    cancel: '取消',
    copy: '复制',
    copied: '已复制',
    notCopied: '浏览器不允许复制。',
    retry: '重试',
    failedToLoad: '无法加载',
    loading: '正在加载',
    showAll: (count) => `显示全部 ${formatNumber(count)} 项`,
    items: (count) => `${formatNumber(count)} 项`,
    keys: (count) => `${formatNumber(count)} 个字段`,
    expand: '展开',
    trend: '趋势',
  },
})
