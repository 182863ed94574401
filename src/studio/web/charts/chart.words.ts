// The words that all charts share.
import { dictionary } from '../i18n/dictionary.ts'

export const chartWords = dictionary({
  en: {
    table: 'Table',
    saveCsv: (title: string) => `Save “${title}” as CSV`,
    noData: 'Nothing to show in this time',
    unnamed: 'no name',
  },
  zh: {
    table: '表格',
    saveCsv: (title: string) => `将“${title}”保存为 CSV`,
    noData: '这段时间内没有数据',
    unnamed: '未命名',
  },
})
