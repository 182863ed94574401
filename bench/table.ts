// Markdown tables, and how figures are written in them.

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** Two digits below ten, one below a hundred, none above; a dash for what was not measured. */
export function figure(value: number | undefined, unit = ''): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return `${value.toFixed(digits)}${unit}`
}

export function ratio(one: number | undefined, other: number | undefined): string {
  return one === undefined || other === undefined ? '–' : `× ${figure(one / other)}`
}

/** 1k, 10k, 300k. */
export function short(count: number): string {
  return count >= 1000 ? `${count / 1000}k` : String(count)
}
