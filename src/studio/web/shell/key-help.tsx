// Which keys there are.
import { Dialog } from '../components/dialog.tsx'
import { helpOpen } from './open.ts'
import { words } from './words.ts'

export function KeyHelp() {
  if (!helpOpen.value) return null
  const { keyWords } = words()
  const rows: readonly [string, string][] = [
    ['⌘K / Ctrl K', keyWords.palette],
    ['j  k', keyWords.message],
    ['[  ]', keyWords.lane],
    ['e', keyWords.error],
    ['i', keyWords.request],
    ['End', keyWords.end],
    ['s', keyWords.stop],
    ['t', keyWords.timeline],
    ['c', keyWords.copy],
    ['/', keyWords.filter],
    ['g  r / t / m / i', keyWords.go],
    ['?', keyWords.help],
  ]
  const close = () => {
    helpOpen.value = false
  }
  return (
    <Dialog title={words().keysHelp} onClose={close}>
      <dl class="keys-table">
        {rows.map(([keys, meaning]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
