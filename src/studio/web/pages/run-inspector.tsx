// Beside the transcript: the figures of the chosen message, and what the run has used.
// Longer than most files: one short panel for each tab.
import { useState } from 'preact/hooks'
import type { RunMessage } from '../../protocol/model.ts'
import { costOf, priceOf } from '../charts/cost.ts'
import { JsonTree } from '../components/json-tree.tsx'
import { lazy } from '../components/lazy.tsx'
import { Tabs } from '../components/tabs.tsx'
import { visible } from '../components/visible.ts'
import { formatDuration, formatMoney, formatNumber } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { countWords, textOf } from '../state/transcript.ts'
import { words } from './run.words.ts'
import { speedOf, type UsageRow, usageBy } from './run-figures.ts'
import { MessageSpan } from './run-span.tsx'
import { agentsIn } from './speech-graph.ts'
import { useSettings } from './use-settings.ts'

const panels = ['message', 'span', 'usage', 'agents'] as const
// Extras of this page: they are loaded when somebody looks.
const AgentGraph = lazy(async () => (await import('./agent-graph.tsx')).AgentGraph)
const OpenStreams = lazy(async () => (await import('./open-streams.tsx')).OpenStreams)

export function Inspector({ run }: { run: ShownRun }) {
  const [panel, setPanel] = useState<(typeof panels)[number]>('message')
  useTopics(run.model, 'messages')
  const several = agentsIn(run.model.messages) > 1
  const tabs = panels.filter((id) => id !== 'agents' || several).map((id) => ({ id, label: words().panel[id] }))
  const { value: id } = run.selected
  const message = (id === undefined ? undefined : run.model.message(id)) ?? lastSaid(run)
  return (
    <>
      <Tabs label={words().panels} tabs={tabs} chosen={panel} onChoose={setPanel} />
      {panel === 'usage' ? (
        <UsagePanel run={run} />
      ) : panel === 'agents' && several ? (
        <AgentGraph run={run} />
      ) : message === undefined ? (
        <p class="hint">{words().chooseMessage}</p>
      ) : panel === 'span' ? (
        <MessageSpan key={message.id} run={run} message={message} />
      ) : (
        <MessagePanel key={message.id} run={run} message={message} />
      )}
    </>
  )
}

function lastSaid(run: ShownRun): RunMessage | undefined {
  return run.model.messages.findLast(({ head }) => head.role === 'assistant')
}

function MessagePanel({ run, message }: { run: ShownRun; message: RunMessage }) {
  useTopics(run.model, `message ${message.id}`)
  const { figures: word, perSecond } = words()
  const { head } = message
  const { usage, timing, ending } = head
  const speed = speedOf(message)
  const { settings } = useSettings()
  const cost = usage && costOf(usage, priceOf(head.model, settings?.prices ?? {}))
  const rows: readonly (readonly [string, string | undefined])[] = [
    [word.agent, head.agent === undefined ? undefined : visible(head.agent)],
    [word.model, head.model],
    [word.first, known(timing?.firstContentMs, formatDuration)],
    [word.duration, known(timing?.durationMs, formatDuration)],
    [word.speed, speed === undefined ? undefined : perSecond(formatNumber(speed, 1))],
    [word.input, known(usage?.inputTokens, formatNumber)],
    [word.cached, known(usage?.cachedInputTokens, formatNumber)],
    [word.output, known(usage?.outputTokens, formatNumber)],
    [word.reasoning, known(usage?.reasoningTokens, formatNumber)],
    [word.cost, usage === undefined ? undefined : formatMoney(cost)],
    [
      word.ending,
      ending === undefined ? undefined : `${ending.reason}${ending.raw === undefined ? '' : ` (${ending.raw})`}`,
    ],
    [word.words, head.status === 'done' ? formatNumber(countWords(textOf(message), language.value)) : undefined],
  ]
  return (
    <div class="stack">
      <dl class="figures">
        {rows.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="numbers">{value}</dd>
            </div>
          ),
        )}
      </dl>
      <details class="inspector-all">
        <summary>{words().details}</summary>
        <JsonTree value={{ id: message.id, ...head }} open={1} />
      </details>
    </div>
  )
}

function known(value: number | undefined, format: (value: number) => string): string | undefined {
  return value === undefined ? undefined : format(value)
}

function UsagePanel({ run }: { run: ShownRun }) {
  useTopics(run.model, 'head', 'messages')
  const { settings } = useSettings()
  const prices = settings?.prices ?? {}
  const byModel = usageBy(run.model.messages, 'model', prices)
  const byAgent = usageBy(run.model.messages, 'agent', prices)
  return (
    <div class="stack">
      <OpenStreams run={run} />
      {byModel.length === 0 && <p class="hint">{words().noUsage}</p>}
      {byModel.length > 0 && <UsageTable title={words().byModel} rows={byModel} />}
      {byModel.length > 0 && <UsageTable title={words().byAgent} rows={byAgent} />}
    </div>
  )
}

function UsageTable({ title, rows }: { title: string; rows: readonly UsageRow[] }) {
  const { figures: word } = words()
  return (
    <div class="usage-table">
      <table class="table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="sr-only">{title}</span>
            </th>
            <th scope="col" class="end">
              {word.calls}
            </th>
            <th scope="col" class="end">
              {word.input}
            </th>
            <th scope="col" class="end">
              {word.output}
            </th>
            <th scope="col" class="end">
              {word.cost}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{visible(row.name)}</th>
              <td class="end">{formatNumber(row.calls)}</td>
              <td class="end">{formatNumber(row.input)}</td>
              <td class="end">{formatNumber(row.output)}</td>
              <td class="end">{formatMoney(row.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
