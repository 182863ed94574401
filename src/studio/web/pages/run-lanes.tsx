// One column for each agent, each following itself; a folded one says only that it writes.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { speakerColor } from '../components/speaker.ts'
import { Transcript } from '../components/transcript.tsx'
import { visible } from '../components/visible.ts'
import { useKeys } from '../state/keys.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { words } from './run.words.ts'

export function Lanes({ run }: { run: ShownRun }) {
  useTopics(run.model, 'messages')
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const agents = agentsOf(run)
  useKeys({ '[': () => focusLane(-1), ']': () => focusLane(1) })
  const fold = (agent: string) => {
    const next = new Set(folded)
    if (!next.delete(agent)) next.add(agent)
    setFolded(next)
  }
  return (
    <div class="lanes">
      {agents.map((agent) => (
        <Lane key={agent} run={run} agent={agent} folded={folded.has(agent)} onFold={() => fold(agent)} />
      ))}
    </div>
  )
}

/** In the order in which they first spoke. */
function agentsOf(run: ShownRun): string[] {
  return [...new Set(run.model.messages.map(({ head }) => head.agent).filter((name) => name !== undefined))]
}

function focusLane(by: number): void {
  const lanes = [...document.querySelectorAll<HTMLElement>('.lane')]
  const at = lanes.findIndex((lane) => lane.contains(document.activeElement))
  const next = lanes[(at + by + lanes.length) % lanes.length]
  next?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  next?.querySelector<HTMLElement>('[tabindex="0"], button')?.focus({ preventScroll: true })
}

interface LaneProps {
  run: ShownRun
  agent: string
  folded: boolean
  onFold: () => void
}

function Lane({ run, agent, folded, onFold }: LaneProps) {
  const name = visible(agent)
  return (
    <section class={folded ? 'lane folded' : 'lane'} aria-label={words().lane(name)}>
      <header class="lane-head">
        <span
          class="speaker-mark"
          style={{ '--speaker': speakerColor(agent, run.model.head.agents) }}
          aria-hidden="true"
        />
        <h2 class="grow ellipsis">{name}</h2>
        <Writing run={run} agent={agent} />
        <Button
          small
          kind="quiet"
          icon={folded ? 'chevron' : 'panel'}
          title={folded ? words().unfold(name) : words().fold(name)}
          onClick={onFold}
        />
      </header>
      {!folded && <Transcript run={run} agent={agent} label={words().lane(name)} />}
    </section>
  )
}

function Writing({ run, agent }: { run: ShownRun; agent: string }) {
  const last = run.model.messages.findLast(({ head }) => head.agent === agent)
  useTopics(run.model, 'messages', ...(last === undefined ? [] : [`message ${last.id}` as const]))
  const isOpen = last?.head.status === 'open'
  return <span class={isOpen ? 'lane-state writing' : 'lane-state'}>{isOpen ? words().writingNow : words().idle}</span>
}
