// The field of a word to an agent: what, to whom, and when it shall be heard.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { toast } from '../components/toast.tsx'
import { visible } from '../components/visible.ts'
import { useDraft } from '../state/draft.ts'
import type { OpenRun, SteerTime } from '../state/open-run.ts'
import { words } from './run.words.ts'
import type { Hearer } from './steer-hearers.ts'

const times: readonly SteerTime[] = ['now', 'after-tool', 'after-reply']

export interface ComposerProps {
  run: OpenRun
  hearers: readonly Hearer[]
}

export function Composer({ run, hearers }: ComposerProps) {
  const [text, setText] = useDraft(`steer ${run.id}`, '')
  const [chosen, setChosen] = useState<string>()
  const [when, setWhen] = useState<SteerTime>('after-tool')
  const [busy, setBusy] = useState(false)
  const hearer = hearers.find(({ id }) => id === chosen) ?? hearers[0]
  const say = async () => {
    if (hearer === undefined || text.trim() === '' || busy) return
    setBusy(true)
    const verdict = await run.steer(hearer.id, text, when)
    setBusy(false)
    if (verdict.ok) setText(undefined)
    toast(verdict.ok ? words().steerSent(visible(hearer.name)) : words().steerAway, { isError: !verdict.ok })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While a word is being composed, Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    say()
  }
  return (
    <form
      class="steer"
      aria-label={words().steer}
      onSubmit={(event) => {
        event.preventDefault()
        say()
      }}
    >
      <textarea
        class="steer-words"
        rows={Math.min(Math.max(text.split('\n').length, 1), 6)}
        aria-label={words().steer}
        placeholder={words().steerHint(visible(hearer?.name ?? ''))}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="steer-choices">
        {hearers.length > 1 && (
          <select
            aria-label={words().steerTo}
            value={hearer?.id ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {hearers.map(({ id, name }) => (
              <option key={id} value={id}>
                {visible(name)}
              </option>
            ))}
          </select>
        )}
        <select
          aria-label={words().steerWhen}
          value={when}
          onChange={(event) => setWhen(times.find((each) => each === event.currentTarget.value) ?? 'after-tool')}
        >
          {times.map((each) => (
            <option key={each} value={each}>
              {words().when[each]}
            </option>
          ))}
        </select>
        <Button submit small icon="send" title={words().steerSend} disabled={busy || text.trim() === ''} />
      </div>
    </form>
  )
}
