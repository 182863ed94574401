// What a model thought: open while it thinks, folded when it is over, unless somebody folded or unfolded it.
import { useState } from 'preact/hooks'
import type { RunPart } from '../../protocol/model.ts'
import { words } from '../pages/run.words.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { Icon } from './icon.tsx'
import { StreamText } from './stream-text.tsx'

export interface ThinkingProps {
  run: ShownRun
  part: RunPart
  /** When the next part of the message began, in milliseconds since 1970. */
  nextAt?: number | undefined
}

export function Thinking({ run, part, nextAt }: ThinkingProps) {
  useTopics(run.model, `part ${part.id}`)
  const [chosen, setChosen] = useState<boolean>()
  const isOpen = chosen ?? !part.closed
  const toggled = (open: boolean) => open !== isOpen && setChosen(open)
  const end = part.closedAt ?? nextAt
  const hidden = part.head.redacted === true && part.text === ''
  return (
    <details class="thinking" open={isOpen} onToggle={(event) => toggled(event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={12} />
        {!part.closed ? (
          <span class="thinking-now">{words().thinking}</span>
        ) : end === undefined ? (
          words().thought
        ) : (
          words().thoughtFor(Math.max(end - part.head.at, 0))
        )}
      </summary>
      {isOpen && (
        <div class="thinking-text">
          {hidden ? <p class="faint">{words().hiddenThought}</p> : <StreamText model={run.model} part={part} />}
        </div>
      )}
    </details>
  )
}
