// How fast each open stream is, over the last minute: a line for everybody who is writing now.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { RunMessage } from '../../protocol/model.ts'
import { Spark } from '../components/spark.tsx'
import { visible } from '../components/visible.ts'
import { formatNumber } from '../i18n/format.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import './agent-graph.css'
import { agentGraphWords } from './agent-graph.words.ts'
import { StreamRates } from './stream-rates.ts'

const everyMs = 1000

export function OpenStreams({ run }: { run: ShownRun }): JSX.Element | null {
  useTopics(run.model, 'messages', 'head')
  const [, setCount] = useState(0)
  const rates = useRef(new StreamRates())
  const open = run.model.messages.filter(isOpen)
  useEffect(() => {
    rates.current = new StreamRates()
    const timer = setInterval(() => {
      rates.current.read(run.model.messages.filter(isOpen), performance.now())
      setCount((count) => count + 1)
    }, everyMs)
    return () => clearInterval(timer)
  }, [run])
  const words = agentGraphWords()
  if (open.length === 0) return null
  return (
    <section class="open-streams">
      <h3>{words.streams}</h3>
      <ul>
        {open.map(({ id, head }) => {
          const values = rates.current.of(id)
          const name = visible(head.agent ?? '–')
          return (
            <li key={id}>
              <span class="ellipsis grow">{name}</span>
              <Spark values={values} label={words.speedOf(name)} />
              <span class="numbers soft">{values.length === 0 ? '–' : words.about(formatNumber(values.at(-1)))}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function isOpen({ head }: RunMessage): boolean {
  return head.status === 'open' && head.role === 'assistant'
}
