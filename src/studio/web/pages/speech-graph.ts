// Who spoke in answer to whom, and which tools were called by whom: the graph of a run, from its messages.
import type { RunMessage } from '../../protocol/model.ts'

export interface GraphNode {
  id: string
  name: string
  kind: 'user' | 'agent' | 'tool'
  /** Messages that were said, or calls that were made of a tool. */
  count: number
}

export interface GraphLink {
  from: string
  to: string
  /** `answer`: `to` spoke after `from` had spoken. `call`: `from` called the tool `to`. */
  kind: 'answer' | 'call'
  count: number
}

export interface SpeechGraph {
  nodes: GraphNode[]
  links: GraphLink[]
  /** How many nodes were left out. */
  hidden: number
}

/**
 * At most `most` nodes, speakers before tools and those with the most to say before others, in the order in which they came.
 * A message answers the last one that was over when it began; one that goes on with its speaker's own answers nobody.
 */
export function speechGraph(messages: readonly RunMessage[], most = 20): SpeechGraph {
  const nodes = new Map<string, GraphNode>()
  const links = new Map<string, GraphLink>()
  const said: RunMessage[] = []
  for (const message of messages) {
    const own = speakerOf(message)
    if (own === undefined) continue
    count(nodes, own)
    const before = said.findLast((each) => wasOver(each, message))
    const asked = before && speakerOf(before)
    if (asked !== undefined && asked.id !== own.id) link(links, asked.id, own.id, 'answer')
    for (const { head } of message.parts) {
      if (head.kind !== 'tool_in' || head.tool === undefined) continue
      const tool = { id: `tool ${head.tool}`, name: head.tool, kind: 'tool' } as const
      count(nodes, tool)
      link(links, own.id, tool.id, 'call')
    }
    said.push(message)
  }
  return within(nodes, links, most)
}

/** How many agents have spoken. */
export function agentsIn(messages: readonly RunMessage[]): number {
  const speakers = messages.flatMap((message) => speakerOf(message) ?? [])
  return new Set(speakers.filter(({ kind }) => kind === 'agent').map(({ id }) => id)).size
}

function speakerOf({ head, parts }: RunMessage): Omit<GraphNode, 'count'> | undefined {
  const { role, agent } = head
  if (agent === undefined || role === 'system' || parts.some((part) => part.head.kind === 'tool_out')) return undefined
  return { id: `${role} ${agent}`, name: agent, kind: role === 'user' ? 'user' : 'agent' }
}

/** Several agents may speak at once: then they do not answer each other. */
function wasOver(before: RunMessage, message: RunMessage): boolean {
  if (before.head.status !== 'done') return false
  const ends = before.parts.map((part) => part.closedAt ?? 0)
  return Math.max(0, ...ends) <= (message.head.at ?? Number.POSITIVE_INFINITY)
}

function count(nodes: Map<string, GraphNode>, node: Omit<GraphNode, 'count'>): void {
  nodes.set(node.id, { ...node, count: (nodes.get(node.id)?.count ?? 0) + 1 })
}

function link(links: Map<string, GraphLink>, from: string, to: string, kind: GraphLink['kind']): void {
  const key = `${from}\n${to}`
  links.set(key, { from, to, kind, count: (links.get(key)?.count ?? 0) + 1 })
}

function within(nodes: Map<string, GraphNode>, links: Map<string, GraphLink>, most: number): SpeechGraph {
  const rank = ({ kind }: GraphNode) => (kind === 'tool' ? 1 : 0)
  const ranked = [...nodes.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count)
  const kept = new Set(ranked.slice(0, most).map(({ id }) => id))
  return {
    nodes: [...nodes.values()].filter(({ id }) => kept.has(id)),
    links: [...links.values()].filter(({ from, to }) => kept.has(from) && kept.has(to)),
    hidden: Math.max(0, nodes.size - most),
  }
}
