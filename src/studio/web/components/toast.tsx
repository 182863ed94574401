// Short news at the edge of the page, gone after a while; failures are told at once to screen readers.
import { signal } from '@preact/signals'
import { Button } from './button.tsx'
import { words } from './words.ts'

interface Toast {
  id: number
  text: string
  isError: boolean
}

const toasts = signal<readonly Toast[]>([])
let count = 0

export function toast(text: string, options: { isError?: boolean } = {}): void {
  count += 1
  const made = { id: count, text, isError: options.isError === true }
  toasts.value = [...toasts.value.slice(-2), made]
  setTimeout(() => dismiss(made.id), made.isError ? 12_000 : 4_000)
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id)
}

export function Toasts() {
  return (
    <div class="toasts">
      {toasts.value.map(({ id, text, isError }) => (
        <div key={id} class={isError ? 'toast bad' : 'toast'} role={isError ? 'alert' : 'status'}>
          <span class="grow">{text}</span>
          <Button small kind="quiet" icon="close" title={words().close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  )
}
