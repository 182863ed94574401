// One column for each agent, each following itself; a folded one says only that it writes. On a phone they are tabs.
// Longer than most files: columns and tabs are two shapes of the same lanes.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { speakerColor } from '../components/speaker.ts'
import { Tabs } from '../components/tabs.tsx'
import { Transcript } from '../components/transcript.tsx'
import { visible } from '../components/visible.ts'
import { useKeys } from '../state/keys.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { words } from './run.words.ts'
import { useNarrow } from './use-narrow.ts'

export function Lanes({ run }: { run: ShownRun }) {
  useTopics(run.model, 'messages')
  const narrow = useNarrow()
  const agents = agentsOf(run)
  return narrow ? <LaneTabs run={run} agents={agents} /> : <LaneColumns run={run} agents={agents} />
}

interface LanesProps {
  run: ShownRun
  agents: readonly string[]
}

function LaneColumns({ run, agents }: LanesProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
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

function LaneTabs({ run, agents }: LanesProps) {
  const [chosen, setChosen] = useState<string>()
  // Whoever speaks is worth more than the question it began with.
  const agent = chosen ?? agents.findLast((each) => isWriting(run, each)) ?? agents.at(-1)
  if (agent === undefined) return <div class="lanes" />
  const tabs = agents.map((each, index) => ({ id: String(index), label: <LaneTab run={run} agent={each} /> }))
  return (
    <div class="lanes one">
      <Tabs
        label={words().view.lanes}
        tabs={tabs}
        chosen={String(agents.indexOf(agent))}
        onChoose={(id) => setChosen(agents[Number(id)])}
      />
      <section key={agent} class="lane" aria-label={words().lane(visible(agent))}>
        <Transcript run={run} agent={agent} label={words().lane(visible(agent))} />
      </section>
    </div>
  )
}

function LaneTab({ run, agent }: { run: ShownRun; agent: string }) {
  return (
    <>
      <SpeakerMark run={run} agent={agent} />
      {visible(agent)}
      <Writing run={run} agent={agent} short />
    </>
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
    <section class={classOf(run, agent, folded)} aria-label={words().lane(name)}>
      <header class="lane-head">
        <SpeakerMark run={run} agent={agent} />
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

/** A person says little: that lane is narrow. */
function classOf(run: ShownRun, agent: string, folded: boolean): string {
  if (folded) return 'lane folded'
  const own = run.model.messages.filter(({ head }) => head.agent === agent)
  return own.every(({ head }) => head.role === 'user') ? 'lane person' : 'lane'
}

function SpeakerMark({ run, agent }: { run: ShownRun; agent: string }) {
  const color = speakerColor(agent, run.model.head.agents)
  return <span class="speaker-mark" style={{ '--speaker': color }} aria-hidden="true" />
}

function lastOf(run: ShownRun, agent: string) {
  return run.model.messages.findLast(({ head }) => head.agent === agent)
}

function isWriting(run: ShownRun, agent: string): boolean {
  return lastOf(run, agent)?.head.status === 'open'
}

/** `short`: a mark in place of the word. */
function Writing({ run, agent, short = false }: { run: ShownRun; agent: string; short?: boolean }) {
  const last = lastOf(run, agent)
  useTopics(run.model, 'messages', ...(last === undefined ? [] : [`message ${last.id}` as const]))
  const isOpen = last?.head.status === 'open'
  if (short) return isOpen ? <span class="lane-dot" role="img" aria-label={words().writingNow} /> : null
  return <span class={isOpen ? 'lane-state writing' : 'lane-state'}>{isOpen ? words().writingNow : words().idle}</span>
}
