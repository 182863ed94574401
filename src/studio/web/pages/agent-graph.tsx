// A small picture of a run: its speakers in a column, arrows for who answered whom, and the tools they called beside them.
// Longer than most files: one picture, drawn of few parts.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { visible } from '../components/visible.ts'
import { formatNumber } from '../i18n/format.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import './agent-graph.css'
import { agentGraphWords } from './agent-graph.words.ts'
import { type GraphLink, type GraphNode, type SpeechGraph, speechGraph } from './speech-graph.ts'

const row = 36
const high = 26
const speakers = { x: 46, width: 98, letters: 12 }
const tools = { x: 170, width: 108, letters: 14 }
const wide = 280

interface Placed extends GraphNode {
  x: number
  y: number
  width: number
  letters: number
}

export function AgentGraph({ run }: { run: ShownRun }): JSX.Element {
  useTopics(run.model, 'messages', 'head')
  const words = agentGraphWords()
  const [picked, setPicked] = useState<string>()
  const graph = speechGraph(run.model.messages)
  const placed = placesOf(graph)
  const height = Math.max(...[...placed.values()].map(({ y }) => y), 0) + row / 2
  const touches = (link: GraphLink) => picked === undefined || link.from === picked || link.to === picked
  const listed = graph.links.filter((link) => picked !== undefined && touches(link))
  return (
    <div class="agent-graph stack">
      {/* biome-ignore lint/a11y/useSemanticElements: a picture is no set of fields */}
      <svg viewBox={`0 0 ${wide} ${height}`} role="group" aria-label={words.title}>
        {graph.links.map((link) => (
          <Link key={`${link.from} ${link.to}`} link={link} placed={placed} isDim={!touches(link)} />
        ))}
        {[...placed.values()].map((node) => (
          <Node
            key={node.id}
            node={node}
            label={labelOf(node, graph)}
            isPicked={picked === node.id}
            onPick={() => setPicked(picked === node.id ? undefined : node.id)}
          />
        ))}
      </svg>
      {listed.length > 0 && (
        <ul class="agent-links">
          {listed.map((link) => (
            <li key={`${link.from} ${link.to}`}>{sentenceOf(link, placed)}</li>
          ))}
        </ul>
      )}
      <p class="hint">
        {words.hint}
        {graph.hidden > 0 && ` ${words.hidden(graph.hidden)}`}
        {run.hasOlder && ` ${words.loadedOnly}`}
      </p>
    </div>
  )
}

function Node(props: { node: Placed; label: string; isPicked: boolean; onPick(): void }): JSX.Element {
  const { node, label, isPicked, onPick } = props
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    onPick()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: inside a picture there is no button element
    <g
      class={`graph-node ${node.kind}`}
      role="button"
      // As SVG spells it: another spelling is no attribute of a picture's.
      tabindex={0}
      aria-pressed={isPicked}
      aria-label={label}
      onClick={onPick}
      onKeyDown={press}
    >
      <title>{label}</title>
      <rect x={node.x} y={node.y - high / 2} width={node.width} height={high} rx={node.kind === 'tool' ? 13 : 6} />
      <text x={node.x + node.width / 2} y={node.y + 4} text-anchor="middle">
        {shortened(visible(node.name), node.letters)}
      </text>
    </g>
  )
}

function Link({ link, placed, isDim }: { link: GraphLink; placed: Map<string, Placed>; isDim: boolean }) {
  const from = placed.get(link.from)
  const to = placed.get(link.to)
  if (from === undefined || to === undefined) return null
  const line = link.kind === 'call' ? callLine(from, to) : answerLine(from, to)
  return (
    <g class={`graph-link ${link.kind}${isDim ? ' dim' : ''}`}>
      <path d={line} stroke-width={Math.min(3, 1 + Math.log2(link.count) / 2)} />
      {link.kind === 'answer' && <path class="head" d={`M${to.x} ${arrival(from, to)}l-6 -3.5v7z`} />}
    </g>
  )
}

/** Arrows down leave at the foot and come in at the top; those that go up go around them. */
function arrival(from: Placed, to: Placed): number {
  return to.y + (from.y < to.y ? -8 : 1)
}

function answerLine(from: Placed, to: Placed): string {
  const isDown = from.y < to.y
  const start = from.y + (isDown ? 8 : -1)
  const end = arrival(from, to)
  const rows = Math.abs(to.y - from.y) / row
  const bend = from.x - Math.min(44, (isDown ? 6 : 14) + rows * 8)
  return `M${from.x} ${start}C${bend} ${start} ${bend} ${end} ${to.x - 6} ${end}`
}

function callLine(from: Placed, to: Placed): string {
  const start = from.x + from.width
  const middle = (start + to.x) / 2
  return `M${start} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`
}

function placesOf({ nodes }: SpeechGraph): Map<string, Placed> {
  const next = { speakers: row / 2, tools: row / 2 }
  const placed = nodes.map((node) => {
    const column = node.kind === 'tool' ? 'tools' : 'speakers'
    const y = next[column]
    next[column] += row
    return [node.id, { ...node, ...(column === 'tools' ? tools : speakers), y }] as const
  })
  return new Map(placed)
}

/** What the picture shows of it, in words: what it has said or how often it was called, and each of its links. */
function labelOf(node: GraphNode, graph: SpeechGraph): string {
  const words = agentGraphWords()
  const name = visible(node.name)
  const nodes = new Map(graph.nodes.map((each) => [each.id, each]))
  const links = graph.links.filter(({ from, to }) => from === node.id || to === node.id)
  const own = node.kind === 'tool' ? words.called(name, node.count) : words.said(name, node.count)
  return [own, ...links.map((link) => sentenceOf(link, nodes))].join(' ')
}

function sentenceOf({ from, to, kind, count }: GraphLink, nodes: ReadonlyMap<string, GraphNode>): string {
  const words = agentGraphWords()
  const [first, second] = [from, to].map((id) => visible(nodes.get(id)?.name ?? ''))
  const times = formatNumber(count)
  if (kind === 'call') return words.calls(first ?? '', second ?? '', times)
  return words.answers(second ?? '', first ?? '', times)
}

/** Signs of Chinese, Japanese and Korean take twice the room. */
function shortened(name: string, letters: number): string {
  let room = letters
  let short = ''
  for (const sign of name) {
    room -= /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/.test(sign) ? 1.8 : 1
    if (room < 0) return `${short}…`
    short += sign
  }
  return short
}
