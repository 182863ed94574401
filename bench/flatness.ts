// Whether memory grows: a line through samples, and a table of some of them.

const rowsShown = 12

export interface Sample {
  /** How much has been done until then. */
  done: number
  minutes: number
  bytes: number
}

/** Least squares: bytes by what was done, with the standard error of the slope. */
export function lineThrough(points: readonly Sample[]): { slope: number; error: number } {
  const n = points.length
  const meanDone = points.reduce((sum, { done }) => sum + done, 0) / n
  const meanBytes = points.reduce((sum, { bytes }) => sum + bytes, 0) / n
  const spread = points.reduce((sum, { done }) => sum + (done - meanDone) ** 2, 0)
  const slope = points.reduce((sum, { done, bytes }) => sum + (done - meanDone) * (bytes - meanBytes), 0) / spread
  const rest = points.reduce((sum, { done, bytes }) => {
    return sum + (bytes - meanBytes - slope * (done - meanDone)) ** 2
  }, 0)
  return { slope, error: Math.sqrt(rest / Math.max(1, n - 2) / spread) }
}

/** `what` names what is done. */
export function memoryTable(samples: readonly Sample[], what: string): string {
  const step = Math.max(1, Math.ceil(samples.length / rowsShown))
  const shown = samples.filter((_, at) => at % step === 0 || at === samples.length - 1)
  const rows = shown.map(({ done, minutes, bytes }) => `| ${minutes.toFixed(1)} | ${done} | ${kilobytes(bytes)} |`)
  return [`| minutes | ${what} | heap and external, KB |`, '|---:|---:|---:|', ...rows].join('\n')
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(0)
}
