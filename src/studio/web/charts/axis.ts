// Round numbers for axes: where the marks of a scale go.

/** A step of 1, 2 or 5 times a power of ten, so that about `count` of them cover `span`. */
export function roundStep(span: number, count: number): number {
  if (!(span > 0) || !(count > 0)) return 1
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const lead = rough / power
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
}

/** The round values from `from` to `to`, about `count` of them. */
export function roundMarks(from: number, to: number, count: number): number[] {
  const step = roundStep(to - from, count)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => tidy((first + index) * step))
}

function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
