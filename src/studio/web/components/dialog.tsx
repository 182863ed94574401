// A question that must be answered first: the platform's modal dialog, closed by Escape; focus goes back by itself.
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from './button.tsx'
import { words } from './words.ts'

export interface DialogProps {
  title: string
  children: ComponentChildren
  onClose: () => void
  class?: string
}

/** Open as long as it is rendered. */
export function Dialog({ title, children, onClose, class: name = '' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  // With the rendering, not behind it: the first letter that is typed next must reach the field in it.
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Gives the focus back, which taking it out of the page would not.
    return () => dialog?.close()
  }, [])
  // The platform tells of a dialog that is closed a moment later, when the next one may be open already.
  const closed = () => ref.current !== null && onClose()
  const escaped = (event: Event) => {
    event.preventDefault()
    onClose()
  }
  const closeOutside = (event: MouseEvent) => event.target === ref.current && onClose()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself.
    <dialog
      ref={ref}
      class={`dialog ${name}`}
      aria-labelledby={id}
      onClose={closed}
      onCancel={escaped}
      onClick={closeOutside}
    >
      <div class="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}

export interface ConfirmProps {
  title: string
  text: string
  /** What the button does, in its own word: Delete, Stop. */
  action: string
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  const confirm = () => {
    onClose()
    onConfirm()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <p class="soft">{text}</p>
      <div class="dialog-actions">
        <Button onClick={onClose}>{words().cancel}</Button>
        <Button kind="danger" onClick={confirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
