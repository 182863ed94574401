// Copies a text, and says that it did.
import { Button } from './button.tsx'
import { toast } from './toast.tsx'
import { words } from './words.ts'

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(words().copied)
  } catch {
    toast(words().notCopied, { isError: true })
  }
}

/** `text` is asked for when it is clicked. */
export function CopyButton({ text, label }: { text: () => string; label?: string }) {
  return <Button small kind="quiet" icon="copy" title={label ?? words().copy} onClick={() => copyText(text())} />
}
