// Shows the page of the route: loads it when it is first asked for, and says so when it fails.
import { type ComponentType, createElement } from 'preact'
import { useEffect, useErrorBoundary, useState } from 'preact/hooks'
import { EmptyState, LoadError, Page } from '../components/page.tsx'
import { type PageProps, pages } from '../pages/index.ts'
import { type RouteName, route } from '../state/router.ts'
import { words } from './words.ts'

const loaded = new Map<RouteName, ComponentType<PageProps>>()

/** The component of a page, once it is there. */
export function usePage(name: RouteName): { page?: ComponentType<PageProps>; error?: Error } {
  const [failed, setFailed] = useState<{ name: RouteName; error: Error }>()
  const [, setCount] = useState(0)
  useEffect(() => {
    if (loaded.has(name)) return
    pages[name]().then(
      (module) => {
        loaded.set(name, module.default)
        setCount((count) => count + 1)
      },
      (error: Error) => setFailed({ name, error }),
    )
  }, [name])
  const page = loaded.get(name)
  return { ...(page !== undefined && { page }), ...(failed?.name === name && { error: failed.error }) }
}

export function PageView() {
  const { name, id } = route.value
  return <Guarded key={`${name} ${id}`} name={name} />
}

function Guarded({ name }: { name: RouteName }) {
  const [thrown] = useErrorBoundary()
  const { page, error } = usePage(name)
  const wrong = error ?? thrown
  if (wrong !== undefined) return <Failed error={wrong instanceof Error ? wrong : new Error(String(wrong))} />
  return page === undefined ? null : createElement(page, { route: route.value })
}

function Failed({ error }: { error: Error }) {
  return (
    <Page title={words().pageFailed}>
      <EmptyState icon="alert" title={words().pageFailed}>
        <LoadError error={error} onRetry={() => location.reload()} />
      </EmptyState>
    </Page>
  )
}
