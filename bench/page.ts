// Writes docs/benchmarks.md, and the chart that the README shows.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartOf } from './chart.ts'
import type { Report } from './report.ts'

const howTo = `\`npm run bench\` makes this page and its chart; nothing leaves the machine. \`--quick\` looks whether everything works, \`--only replies,openai\` measures a part (topics: replies, short, crowd, growing, flood, leaving, size; wires: openai, anthropic, gemini, ollama, dashscope), \`--rounds 5\` takes longer. The peers are installed once, into \`bench/node_modules\`. pi is measured in version 0.87.1: 1.5.2 depends on a package that cannot be installed.`

export function writePage(root: string, report: Report): void {
  const images = join(root, 'docs/images')
  mkdirSync(images, { recursive: true })
  writeFileSync(join(images, 'benchmarks.svg'), chartOf(report))
  const [title = '', ...rest] = report.markdown.split('\n\n')
  const chart = '![CPU per event, beside the other packages](images/benchmarks.svg)'
  writeFileSync(join(root, 'docs/benchmarks.md'), `${[title, chart, howTo, ...rest].join('\n\n')}\n`)
  process.stderr.write('Written: docs/benchmarks.md, docs/images/benchmarks.svg\n')
}
