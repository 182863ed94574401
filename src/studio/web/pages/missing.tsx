// What is shown where no page is.
import { EmptyState, Page } from '../components/page.tsx'
import { dictionary } from '../i18n/dictionary.ts'

const words = dictionary({
  en: { title: 'Not found', text: 'There is no page at this address.', back: 'All runs' },
  zh: { title: '未找到', text: '这个地址没有页面。', back: '全部运行' },
})

export default function Missing() {
  return (
    <Page title={words().title}>
      <EmptyState icon="search" title={words().title}>
        <p>{words().text}</p>
        <a class="button" href="/">
          {words().back}
        </a>
      </EmptyState>
    </Page>
  )
}
