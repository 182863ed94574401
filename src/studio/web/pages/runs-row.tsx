// One run in the list: how it stands, what was said last, and what it has used.
import type { RunHead } from '../../protocol/frames.ts'
import { Ago, Lasting } from '../components/clock.tsx'
import { Spark } from '../components/spark.tsx'
import { StatusMark } from '../components/status.tsx'
import { visible } from '../components/visible.ts'
import { words as statusWords } from '../components/words.ts'
import { formatCompact, formatList, formatMoney, formatNumber } from '../i18n/format.ts'
import { runPath } from '../state/router.ts'
import { ratesOf } from '../state/run-list.ts'
import { plainLine } from './plain-line.ts'
import { words } from './runs.words.ts'

export interface RunRowProps {
  run: RunHead
  /** Absent when nobody knows it. */
  cost: number | undefined
  chosen: boolean
  onChoose: (chosen: boolean) => void
}

export function RunRow({ run, cost, chosen, onChoose }: RunRowProps) {
  return (
    <li class={chosen ? 'run-row chosen' : 'run-row'}>
      <input
        type="checkbox"
        checked={chosen}
        aria-label={words().select(visible(run.name))}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <StatusMark status={run.status} />
      <a class="run-link" href={runPath(run.id)}>
        <span class="run-title">
          <span class="faint">{visible(run.project)} / </span>
          {visible(run.name)}
        </span>
        <LastLine run={run} />
      </a>
      <RunFigures run={run} cost={cost} />
    </li>
  )
}

function LastLine({ run }: { run: RunHead }) {
  const line = plainLine(run.lastLine ?? '')
  return (
    <span class={run.status === 'running' ? 'run-line growing' : 'run-line'}>
      {run.status === 'waiting' && <span class="run-waits">{statusWords().status.waiting} · </span>}
      {line === '' ? words().saidNothing : visible(line)}
    </span>
  )
}

function RunFigures({ run, cost }: Pick<RunRowProps, 'run' | 'cost'>) {
  const rates = run.status === 'running' ? ratesOf(run.id) : []
  const { tokensIn, tokensOut, tokensCached } = run
  const inOut = words().tokensInOut(formatNumber(tokensIn), formatNumber(tokensOut), formatNumber(tokensCached))
  const end = run.endedAt === undefined ? undefined : Date.parse(run.endedAt)
  const isOver = run.status !== 'running' && run.status !== 'waiting'
  return (
    <span class="run-figures numbers">
      <span class="run-spark">{rates.length > 1 && <Spark values={rates} width={56} label={words().speed} />}</span>
      <span class="run-agents" title={formatList(run.agents.map(visible))}>
        {words().agents(run.agents.length)}
      </span>
      <span class="run-tokens" title={inOut}>
        {words().tokens(formatCompact(tokensIn + tokensOut))}
      </span>
      <span class="run-cost" title={words().cost}>
        {formatMoney(cost)}
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
