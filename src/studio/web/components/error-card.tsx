// An error where it happened: what it was, where, what to do, and its whole text to copy.
import type { ErrorInfo } from '../../../core/error.ts'
import { words } from '../pages/run.words.ts'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icon.tsx'
import { visible } from './visible.ts'

export interface ErrorCardProps {
  title: string
  error: Partial<ErrorInfo>
}

export function ErrorCard({ title, error }: ErrorCardProps) {
  const where = [error.provider, error.status, error.code, error.requestId].filter((each) => each !== undefined)
  return (
    <div class="notice-card error-card" data-error="">
      <div class="row">
        <Icon name="alert" />
        <h3 class="grow">{title}</h3>
        <CopyButton label={words().copyError} text={() => JSON.stringify(error, null, 2)} />
      </div>
      <p class="error-text">{visible(error.message ?? '')}</p>
      {where.length > 0 && (
        <p class="hint">
          {words().where}: <span class="mono">{visible(where.join(' · '))}</span>
        </p>
      )}
      {error.advice !== undefined && (
        <p class="error-advice">
          {words().advice}: {visible(error.advice)}
        </p>
      )}
      {error.retryAfterMs !== undefined ? (
        <p class="hint">{words().retryAfter(error.retryAfterMs)}</p>
      ) : (
        error.retryable === true && <p class="hint">{words().canRetry}</p>
      )}
    </div>
  )
}
