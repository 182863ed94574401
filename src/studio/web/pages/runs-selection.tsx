// What can be done with many runs at once: export, delete.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/dialog.tsx'
import { toast } from '../components/toast.tsx'
import { rest } from '../state/rest.ts'
import { forgetRuns } from '../state/run-list.ts'
import { words } from './runs.words.ts'

export function Selection({ chosen, onClear }: { chosen: readonly string[]; onClear: () => void }) {
  const [asking, setAsking] = useState(false)
  if (chosen.length === 0) return null
  const remove = async () => {
    try {
      await rest('/api/runs', { method: 'DELETE', body: { ids: chosen } })
      forgetRuns(chosen)
      onClear()
      toast(words().deleted(chosen.length))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { isError: true })
    }
  }
  return (
    <div class="selection" role="toolbar" aria-label={words().selected(chosen.length)}>
      <span class="numbers">{words().selected(chosen.length)}</span>
      <Button small icon="download" onClick={() => exportRuns(chosen)}>
        {words().export}
      </Button>
      <Button small kind="danger" icon="trash" onClick={() => setAsking(true)}>
        {words().delete}
      </Button>
      <Button small kind="quiet" icon="close" title={words().clear} onClick={onClear} />
      {asking && (
        <Confirm
          title={words().deleteTitle(chosen.length)}
          text={words().deleteText}
          action={words().delete}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}

/** One file each, saved by the browser. */
function exportRuns(ids: readonly string[]): void {
  for (const id of ids) {
    const link = document.createElement('a')
    link.href = `/api/runs/${encodeURIComponent(id)}/export`
    link.download = `${id}.jsonl`
    document.body.append(link)
    link.click()
    link.remove()
  }
}
