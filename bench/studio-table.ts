// The gates of Studio as a table: what was measured, beside AgentScope Studio's figure and the limit.

export interface Gate {
  what: string
  /** AgentScope Studio's figure, measured on a machine of this class. */
  theirs: string
  limit: number
  /** `at least` for frame rates; all others must stay below. */
  atLeast?: boolean
  unit: string
  measured: number
}

export function passes({ measured, limit, atLeast }: Gate): boolean {
  return atLeast ? measured >= limit : measured <= limit
}

export function gateTable(gates: readonly Gate[]): string {
  const head = ['what', 'AgentScope Studio', 'gate', 'here', '']
  const rows = gates.map((gate) => [
    gate.what,
    gate.theirs,
    `${gate.atLeast ? '≥' : '≤'} ${gate.limit} ${gate.unit}`,
    `${round(gate.measured)} ${gate.unit}`,
    passes(gate) ? 'yes' : 'NO',
  ])
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function round(figure: number): string {
  return Math.abs(figure) >= 100 ? figure.toFixed(0) : figure.toFixed(figure < 10 ? 2 : 1)
}

export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}
