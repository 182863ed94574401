// The frame of a page: its one heading, what can be done there, and the body; and what stands there instead of data.
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { words } from './words.ts'

export interface PageProps {
  title: string
  /** Beside the title. */
  aside?: ComponentChildren
  /** At the end of the head. */
  actions?: ComponentChildren
  children: ComponentChildren
  /** The body scrolls by itself (default), or the page takes care. */
  scroll?: boolean
}

export function Page({ title, aside, actions, children, scroll = true }: PageProps) {
  // Several tabs are told apart by it, and a screen reader says it first.
  useEffect(() => {
    document.title = `${title} · AgentScope Studio`
  }, [title])
  return (
    <div class="page">
      <header class="page-head">
        <h1>{title}</h1>
        {aside}
        <div class="grow" />
        <div class="row page-actions">{actions}</div>
      </header>
      <div class={scroll ? 'page-body scrolls' : 'page-body'}>{children}</div>
    </div>
  )
}

export function EmptyState(props: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={props.icon} size={22} />
      </span>
      <h2>{props.title}</h2>
      {props.children}
    </div>
  )
}

/** A failure where the data would be, with its cause and a way to try again. */
export function LoadError({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <div class="notice-card error-card stack" role="alert">
      <h3 class="row">
        <Icon name="alert" /> {words().failedToLoad}
      </h3>
      <p>{error.message}</p>
      {onRetry !== undefined && (
        <div>
          <Button small onClick={onRetry}>
            {words().retry}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Grey lines where rows will be. */
export function Skeleton({ rows = 5 }: { rows?: number }) {
  return (
    <div class="stack" role="status" aria-label={words().loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class="skeleton" style={{ height: '20px', width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  )
}
