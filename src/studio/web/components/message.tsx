// One message of the transcript: who, what, and how it ended.
// Longer than most files: each kind of part is a few lines of its own.
import type { Ending } from '../../../core/ending.ts'
import type { RunMessage, RunPart } from '../../protocol/model.ts'
import { formatTime } from '../i18n/format.ts'
import { words } from '../pages/run.words.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { isAnswerOnly, textOf } from '../state/transcript.ts'
import { CopyButton } from './copy-button.tsx'
import { ErrorCard } from './error-card.tsx'
import { Media } from './media.tsx'
import { Notice } from './notice.tsx'
import { speakerColor } from './speaker.ts'
import { PlainStream, StreamText } from './stream-text.tsx'
import { Thinking } from './thinking.tsx'
import { ToolCall, ToolOutput } from './tool-call.tsx'
import { visible } from './visible.ts'

export interface MessageProps {
  run: ShownRun
  message: RunMessage
  /** The same speaker goes on: no head again. */
  continued: boolean
}

export function Message({ run, message, continued }: MessageProps) {
  useTopics(run.model, `message ${message.id}`)
  const { head } = message
  const hasPartners = run.pairs.value > 0 && isAnswerOnly(run, message)
  const selected = run.selected.value === message.id
  if (hasPartners && message.notices.length === 0) return null
  const select = () => {
    run.selected.value = message.id
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j and k choose messages; a click is only a shorter way.
    <article
      class={`message ${head.role ?? ''}${continued ? ' continued' : ''}${selected ? ' selected' : ''}`}
      tabIndex={-1}
      data-message={message.id}
      aria-labelledby={`h-${message.id}`}
      onClick={select}
      onFocus={select}
    >
      <header class={continued ? 'sr-only' : 'message-head'}>
        <h2 id={`h-${message.id}`} style={{ '--speaker': speakerColor(head.agent ?? '', run.model.head.agents) }}>
          <span class="speaker-mark" aria-hidden="true" />
          {visible(head.agent ?? '…')}
        </h2>
        {head.at !== undefined && <time class="faint numbers">{formatTime(head.at)}</time>}
        <span class="message-tools">
          <CopyButton label={words().copyMessage} text={() => textOf(message)} />
        </span>
      </header>
      <div class="message-body">
        <Parts run={run} message={message} />
        {message.notices.map((notice) => (
          <Notice key={notice.id} notice={notice} />
        ))}
        <EndOf ending={head.ending} />
        {head.status === 'open' && message.parts.length === 0 && <span class="caret" role="presentation" />}
      </div>
    </article>
  )
}

function Parts({ run, message }: { run: ShownRun; message: RunMessage }) {
  return (
    <>
      {message.parts.map((part, index) => (
        <Part
          key={part.id}
          run={run}
          part={part}
          nextAt={message.parts[index + 1]?.head.at}
          isOver={message.head.status === 'done'}
        />
      ))}
    </>
  )
}

interface PartProps {
  run: ShownRun
  part: RunPart
  nextAt: number | undefined
  isOver: boolean
}

function Part({ run, part, nextAt, isOver }: PartProps) {
  const { kind, refusal } = part.head
  switch (kind) {
    case 'thinking':
      return <Thinking run={run} part={part} nextAt={nextAt} />
    case 'tool_in':
      return <ToolCall run={run} part={part} isOver={isOver} />
    case 'tool_out':
      return run.partner(part) === undefined ? <LoneResult run={run} part={part} /> : null
    case 'data':
      // What a tool gave besides text stands in its card.
      return /\.\d+\.\d+$/.test(part.id) && isBeside(run, part) ? null : <Media block={part.head.block} />
    case 'text':
      return refusal === true ? <Refusal run={run} part={part} /> : <StreamText model={run.model} part={part} />
  }
}

function isBeside(run: ShownRun, part: RunPart): boolean {
  return run.model.parts.get(part.id.slice(0, part.id.lastIndexOf('.')))?.head.kind === 'tool_out'
}

function LoneResult({ run, part }: { run: ShownRun; part: RunPart }) {
  return (
    <div class={part.fault === undefined ? 'tool lone' : 'tool lone failed'}>
      <p class="tool-name">{visible(part.head.tool ?? words().output)}</p>
      <ToolOutput run={run} part={part} />
    </div>
  )
}

function Refusal({ run, part }: { run: ShownRun; part: RunPart }) {
  return (
    <div class="notice-card" data-error="">
      <p class="label">{words().refusal}</p>
      <PlainStream model={run.model} part={part} />
    </div>
  )
}

function EndOf({ ending }: { ending: Ending | undefined }) {
  if (ending === undefined || ending.reason === 'stop' || ending.reason === 'tool-calls') return null
  const title = words().ended[ending.error?.type === 'budget' ? 'budget' : ending.reason]
  if (ending.reason !== 'aborted' && ending.error !== undefined) return <ErrorCard title={title} error={ending.error} />
  const isError = ending.reason === 'error' || ending.reason === 'truncated'
  return (
    <p class={isError ? 'message-end bad' : 'message-end'} {...(isError && { 'data-error': '' })}>
      {title}
    </p>
  )
}
