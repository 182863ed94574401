// A tool call and what came of it, in one card: its input while it grows, its output as plain text, its failure.
import { useState } from 'preact/hooks'
import { parseToolInput } from '../../../core/json.ts'
import type { RunPart } from '../../protocol/model.ts'
import { formatDuration } from '../i18n/format.ts'
import { words } from '../pages/run.words.ts'
import { outOfReach } from '../pages/run-reach.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { Icon } from './icon.tsx'
import { Media } from './media.tsx'
import { PlainStream } from './stream-text.tsx'
import { inputLine, ToolInput } from './tool-input.tsx'
import { visible } from './visible.ts'

/** Outputs longer than this begin folded. UTF-16 units. */
const shortOutput = 600
/** Longer inputs are shown as text: a tree of them would take too long to make. */
const longestTree = 100_000

export interface ToolCallProps {
  run: ShownRun
  part: RunPart
  /** The message has ended: what is not there now will not come in it. */
  isOver: boolean
}

export function ToolCall({ run, part, isOver }: ToolCallProps) {
  const result = partnerOf(run, part)
  useTopics(run.model, `part ${part.id}`, ...(result === undefined ? [] : [`part ${result.id}` as const]))
  const [chosen, setChosen] = useState<boolean>()
  const failed = result?.fault !== undefined || part.fault !== undefined
  const isOpen = chosen ?? (failed || !part.closed || (result !== undefined && result.text.length <= shortOutput))
  const toggled = (open: boolean) => open !== isOpen && setChosen(open)
  const input = part.closed && part.text.length < longestTree ? parseToolInput(part.text) : undefined
  return (
    <details
      class={failed ? 'tool failed' : 'tool'}
      open={isOpen}
      onToggle={(event) => toggled(event.currentTarget.open)}
    >
      <summary>
        <Icon name="chevron" size={12} />
        <span class="tool-name">{visible(part.head.tool ?? '?')}</span>
        <span class="tool-line ellipsis">{inputLine(input)}</span>
        <ToolState run={run} part={part} result={result} isOver={isOver} />
      </summary>
      {isOpen && (
        <div class="tool-body">
          {input === undefined ? (
            part.text !== '' && <PlainStream model={run.model} part={part} />
          ) : (
            <ToolInput tool={part.head.tool ?? ''} input={input} />
          )}
          {result !== undefined && <ToolOutput run={run} part={result} />}
        </div>
      )}
    </details>
  )
}

/** Read with the signal, so that the card is rendered again when a result has come. */
function partnerOf(run: ShownRun, part: RunPart): RunPart | undefined {
  return run.pairs.value >= 0 ? run.partner(part) : undefined
}

type StateProps = ToolCallProps & { result: RunPart | undefined }

/** A program that is gone, or has ended, gives no result any more: only what was settled is told as such. */
function ToolState({ run, part, result, isOver }: StateProps) {
  useTopics(run.model, ...(result?.closed === true ? [] : (['head'] as const)))
  const isGone = outOfReach({ status: 'running', ...run.model.head, program: '' }) !== undefined
  if (part.fault !== undefined) return <span class="tool-state bad">✕ {words().cutOff}</span>
  if (!part.closed) return <span class="tool-state">{isOver || isGone ? words().cutOff : words().preparing}</span>
  if (result?.closed !== true) return <span class="tool-state">{isGone ? words().noResult : words().running}</span>
  const end = result.closedAt
  const took = end === undefined ? '' : formatDuration(Math.max(end - part.head.at, 0))
  if (result.fault !== undefined) return <span class="tool-state bad">✕ {words().failed}</span>
  return (
    <span class="tool-state numbers">
      <span class="ok">✓</span> {took}
    </span>
  )
}

/** A result: alone when its call is not here. */
export function ToolOutput({ run, part }: { run: ShownRun; part: RunPart }) {
  const [all, setAll] = useState(false)
  const message = run.model.message(part.head.msg)
  const beside = message?.parts.filter(({ id, head }) => head.kind === 'data' && id.startsWith(`${part.id}.`)) ?? []
  const isLong = part.text.length > 4000
  return (
    <div class={isLong && !all ? 'tool-output clipped' : 'tool-output'}>
      <PlainStream model={run.model} part={part} />
      {beside.map((each) => (
        <Media key={each.id} block={each.head.block} />
      ))}
      {isLong && !all && (
        <button type="button" class="button small" onClick={() => setAll(true)}>
          {words().showMore}
        </button>
      )}
    </div>
  )
}
