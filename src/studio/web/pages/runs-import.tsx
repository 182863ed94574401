// Takes the file of a run in, chosen by a person.
import { useRef } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { toast } from '../components/toast.tsx'
import { rest } from '../state/rest.ts'
import { words } from './runs.words.ts'

export function ImportButton() {
  const file = useRef<HTMLInputElement>(null)
  const take = async (input: HTMLInputElement) => {
    const [chosen] = input.files ?? []
    input.value = ''
    if (chosen === undefined) return
    try {
      const { runs: ids = [] } = await importRun(chosen)
      toast(words().imported(Math.max(ids.length, 1)))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { isError: true })
    }
  }
  return (
    <>
      <input
        ref={file}
        type="file"
        hidden
        accept=".jsonl,.json,.ndjson"
        aria-label={words().import}
        onChange={(event) => take(event.currentTarget)}
      />
      <Button icon="upload" onClick={() => file.current?.click()}>
        {words().import}
      </Button>
    </>
  )
}

async function importRun(file: File): Promise<{ runs?: string[] }> {
  return rest('/api/import', { method: 'POST', file })
}
