// One run in the list: how it stands, what was said last, and what it has used.
import type { RunHead } from '../../protocol/frames.ts'
import { Ago, Lasting } from '../components/clock.tsx'
import { Spark } from '../components/spark.tsx'
import { StatusMark } from '../components/status.tsx'
import { formatCompact, formatList, formatNumber } from '../i18n/format.ts'
import { runPath } from '../state/router.ts'
import { ratesOf } from '../state/run-list.ts'
import { words } from './runs.words.ts'

export interface RunRowProps {
  run: RunHead
  chosen: boolean
  onChoose: (chosen: boolean) => void
}

export function RunRow({ run, chosen, onChoose }: RunRowProps) {
  return (
    <li class={chosen ? 'run-row chosen' : 'run-row'}>
      <input
        type="checkbox"
        checked={chosen}
        aria-label={words().select(run.name)}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <StatusMark status={run.status} />
      <a class="run-link" href={runPath(run.id)}>
        <span class="run-title">
          <span class="faint">{run.project} / </span>
          {run.name}
        </span>
        <LastLine run={run} />
      </a>
      <RunFigures run={run} />
    </li>
  )
}

function LastLine({ run }: { run: RunHead }) {
  const line = run.lastLine ?? ''
  return (
    <span class={run.status === 'running' ? 'run-line growing' : 'run-line'}>
      {line === '' ? words().saidNothing : line}
    </span>
  )
}

function RunFigures({ run }: { run: RunHead }) {
  const rates = run.status === 'running' ? ratesOf(run.id) : []
  const { tokensIn, tokensOut, tokensCached } = run
  const inOut = words().tokensInOut(formatNumber(tokensIn), formatNumber(tokensOut), formatNumber(tokensCached))
  const end = run.endedAt === undefined ? undefined : Date.parse(run.endedAt)
  const isOver = run.status !== 'running' && run.status !== 'waiting'
  return (
    <span class="run-figures numbers">
      <span class="run-spark">{rates.length > 1 && <Spark values={rates} width={56} label={words().speed} />}</span>
      <span class="run-agents" title={formatList(run.agents)}>
        {words().agents(run.agents.length)}
      </span>
      <span class="run-tokens" title={inOut}>
        {words().tokens(formatCompact(tokensIn + tokensOut))}
      </span>
      <span class="run-lasting">
        <Lasting from={Date.parse(run.startedAt)} to={end ?? (isOver ? run.lastAt : undefined)} />
      </span>
      <span class="run-ago">
        <Ago at={Date.parse(run.startedAt)} />
      </span>
    </span>
  )
}
