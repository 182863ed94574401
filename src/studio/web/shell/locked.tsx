// Asks for the token when Studio refused this tab for want of one.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { EmptyState } from '../components/page.tsx'
import { live } from '../state/live.ts'
import { tryToken } from '../state/session.ts'
import { words } from './words.ts'

export function Locked() {
  const [token, setToken] = useState('')
  const [refused, setRefused] = useState(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    const taken = await tryToken(token.trim())
    setRefused(!taken)
    if (taken) live.retryNow()
  }
  return (
    <main class="main">
      <EmptyState icon="settings" title={words().lockedTitle}>
        <p>{words().lockedText}</p>
        <form class="row" onSubmit={submit}>
          <input
            class="field"
            type="password"
            autocomplete="off"
            aria-label={words().token}
            placeholder={words().token}
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
          <Button submit kind="primary" disabled={token.trim() === ''}>
            {words().unlock}
          </Button>
        </form>
        {refused && (
          <p class="bad" role="alert">
            {words().tokenRefused}
          </p>
        )}
      </EmptyState>
    </main>
  )
}
