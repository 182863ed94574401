// The pages by their route: each is loaded when it is first shown. A page is a default export that takes PageProps.
import type { ComponentType } from 'preact'
import type { OpenRun } from '../state/open-run.ts'
import type { Route, RouteName } from '../state/router.ts'

/** What every page is given. `route.id` is the run's id where a page is about one; `route.query` the address's query. */
export interface PageProps {
  route: Route
  /** The open run, for a view of the run page. */
  run?: OpenRun
}

type Load = () => Promise<{ default: ComponentType<PageProps> }>

/** `timeline` has no address of its own: it is a view of the run page (`/run/:id/timeline`), with `route.id`. */
export const pages: Record<RouteName, Load> = {
  runs: () => import('./runs.tsx'),
  run: () => import('./run.tsx'),
  timeline: () => import('./timeline.tsx'),
  traces: () => import('./traces.tsx'),
  inbox: () => import('./inbox.tsx'),
  metrics: () => import('./metrics.tsx'),
  search: () => import('./search.tsx'),
  settings: () => import('./settings.tsx'),
  missing: () => import('./missing.tsx'),
}
