// The chart of a run as SVG: CPU per event on three wires, ours first; legible on light and on dark pages.
import type { Report } from './report.ts'
import { peersOn, titles, type Wire } from './roster.ts'
import { figure, short } from './table.ts'

interface Bar {
  name: string
  value: number
  kind: 'floor' | 'ours' | 'peer'
}

const shownWires: readonly Wire[] = ['openai', 'anthropic', 'gemini']
const wireNames: Partial<Record<Wire, string>> = { openai: 'OpenAI', anthropic: 'Anthropic', gemini: 'Gemini' }
const width = 720
const rowHeight = 24
const labelWidth = 190
const barWidth = width - labelWidth - 80

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600 }
  .quiet { fill: #59636e }
  .ours { fill: #1a7f5a }
  .floor { fill: #8c959f }
  .peer { fill: #b8c4d0 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .ours { fill: #3fb98a }
    .floor { fill: #7d8590 }
    .peer { fill: #4a5563 }
  }`

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/`/g, '')
}

function barsOf({ samples, size }: Report, wire: Wire): Bar[] {
  const value = (client: string) =>
    samples.median({ what: 'longReply', client, args: [wire, size.main] }, 'cpuPerEvent')
  const bar = (client: string, kind: Bar['kind']): Bar[] => {
    const found = value(client)
    return found === undefined ? [] : [{ name: escaped(titles[client] as string), value: found, kind }]
  }
  const peers = peersOn(wire).flatMap(({ client }) => bar(client, 'peer'))
  return [...bar('floor', 'floor'), ...bar('events', 'ours'), ...bar('agent', 'ours'), ...peers.sort(byValue)]
}

function byValue(one: Bar, other: Bar): number {
  return one.value - other.value
}

function row({ name, value, kind }: Bar, y: number, most: number): string {
  const long = Math.max(2, (value / most) * barWidth)
  return [
    `<text x="${labelWidth - 10}" y="${y + 15}" text-anchor="end"${kind === 'ours' ? ' class="head"' : ''}>${name}</text>`,
    `<rect class="${kind}" x="${labelWidth}" y="${y + 3}" width="${long.toFixed(1)}" height="16" rx="3"/>`,
    `<text x="${(labelWidth + long + 6).toFixed(1)}" y="${y + 15}" class="quiet">${figure(value)}</text>`,
  ].join('\n')
}

export function chartOf(report: Report): string {
  const groups = shownWires.map((wire) => ({ wire, bars: barsOf(report, wire) })).filter(({ bars }) => bars.length > 0)
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const parts: string[] = []
  let y = 34
  for (const { wire, bars } of groups) {
    parts.push(`<text x="0" y="${y + 15}" class="head quiet">${wireNames[wire]}</text>`)
    y += rowHeight
    for (const bar of bars) {
      parts.push(row(bar, y, most))
      y += rowHeight
    }
    y += 12
  }
  const title = `Microseconds of CPU per event, ${short(report.size.main)} events in one reply (less is better)`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="${title}">
<style>${style}
</style>
<text x="0" y="16" class="head">${title}</text>
${parts.join('\n')}
</svg>
`
}
