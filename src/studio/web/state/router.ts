// Where the tab is: addresses to routes and back, without reloading the page.
import { signal } from '@preact/signals'

export type RouteName = 'runs' | 'run' | 'timeline' | 'traces' | 'inbox' | 'metrics' | 'search' | 'settings' | 'missing'

export interface Route {
  name: RouteName
  /** The run's id where a page is about one; empty elsewhere. */
  id: string
  /** Chat, lanes, … of a run; empty elsewhere. */
  view: string
  query: URLSearchParams
}

const simple: readonly RouteName[] = ['traces', 'inbox', 'metrics', 'search', 'settings']

export function routeOf(url: URL): Route {
  const [first = '', id = '', view = ''] = url.pathname.split('/').slice(1).map(decoded)
  const route = { id: '', view: '', query: url.searchParams }
  if (first === '') return { ...route, name: 'runs' }
  if (first === 'run' && id !== '') return { ...route, name: 'run', id, view: view === '' ? 'chat' : view }
  const name = simple.find((each) => each === first)
  return { ...route, name: name === undefined || id !== '' ? 'missing' : name }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The address of a run, at one of its views. */
export function runPath(id: string, view = 'chat'): string {
  return `/run/${encodeURIComponent(id)}${view === 'chat' ? '' : `/${view}`}`
}

export const route = signal<Route>(routeOf(new URL(location.href)))

/** Goes to a path of this site. `replace` leaves no step to go back to, as when a filter changes. */
export function go(path: string, options: { replace?: boolean } = {}): void {
  const url = new URL(path, location.href)
  if (url.href === location.href) return
  if (options.replace) history.replaceState(null, '', url)
  else history.pushState(null, '', url)
  route.value = routeOf(url)
}

/** Changes parts of the query; `undefined` or the empty string takes one away. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const url = new URL(location.href)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  go(url.pathname + url.search, { replace: true })
}

/** Begins to follow the browser's own steps and clicks on links of this site. Called once, by `main.tsx`. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    route.value = routeOf(new URL(location.href))
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || !isPlain(event) || link.target !== '' || link.hasAttribute('download')) return
    if (link.origin !== location.origin || !isPage(link.pathname)) return
    event.preventDefault()
    go(link.pathname + link.search)
  })
}

function isPage(path: string): boolean {
  return routeOf(new URL(path, location.href)).name !== 'missing'
}

function isPlain(event: MouseEvent): boolean {
  const { metaKey, ctrlKey, shiftKey, altKey } = event
  return !event.defaultPrevented && event.button === 0 && !(metaKey || ctrlKey || shiftKey || altKey)
}
