// The browser's hot path under the four loads of the requirements: busy time and frame times in a real Chromium.
import { openHotPage } from '../test/browser/hot/hot-page.ts'

interface Load {
  name: string
  /** Written before the measuring starts. */
  head: string
  chunks: readonly string[]
  /** Texts written side by side. */
  streams: number
  perSecond: number
}

interface Figures {
  busyMs: number
  paintP95: number
  paintMax: number
  frameP95: number
  frameMax: number
  fps: number
}

const words = 'The **quick** brown `fox` jumps over the [lazy](https://dog.example) dog, again and again. '
const prose = (bytes: number) =>
  `## Part\n\n${words.repeat(5)}\n\n- one\n- two **bold**\n\n`.repeat(Math.ceil(bytes / 510))
const fence = `\`\`\`ts\n${Array.from({ length: 2_600 }, (_, n) => `const value${n} = compute(${n}, 'text')`).join('\n')}\n`
const table = `| a | b | c |\n|---|---|---|\n${Array.from({ length: 2_900 }, (_, n) => `| ${n} | **cell** | \`x\` |\n`).join('')}`
const pieces = (text: string, size: number) => text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []

const loads: readonly Load[] = [
  { name: '20 KB at 5,000 characters/s', head: '', chunks: pieces(prose(20_000), 5), streams: 1, perSecond: 1_000 },
  {
    name: '200 KB + tail at 20/s',
    head: prose(200_000),
    chunks: pieces(words.repeat(2), 3),
    streams: 1,
    perSecond: 20,
  },
  { name: '20 streams at 50/s each', head: '', chunks: pieces(prose(1_000), 5), streams: 20, perSecond: 50 },
  {
    name: 'open fence of 100 KB + tail',
    head: fence,
    chunks: pieces(fence.slice(6, 2_000), 10),
    streams: 1,
    perSecond: 50,
  },
  {
    name: 'table of 3,000 rows + tail',
    head: table,
    chunks: pieces(table.slice(-2_000), 8),
    streams: 1,
    perSecond: 50,
  },
]

const hot = await openHotPage()
try {
  console.log('| load | busy ms | paint p95 | paint max | frame p95 | frame max | fps |\n|---|---|---|---|---|---|---|')
  for (const load of loads) {
    const figures = await measured(load)
    const cells = [figures.busyMs, figures.paintP95, figures.paintMax, figures.frameP95, figures.frameMax, figures.fps]
    console.log(`| ${load.name} | ${cells.map((cell) => cell.toFixed(1)).join(' | ')} |`)
  }
} finally {
  await hot.close()
}

/** Longer than a function should be: all of it runs in the page. */
function measured(load: Load): Promise<Figures> {
  return hot.page.evaluate(async ({ head, chunks, streams, perSecond }) => {
    const { painter, Follow, StreamMarkdown, frame } = window.hot
    document.body.replaceChildren()
    const scroller = document.createElement('div')
    const content = document.createElement('div')
    Object.assign(scroller.style, { height: '600px', overflow: 'auto' })
    scroller.append(content)
    document.body.append(scroller)
    const follow = new Follow(scroller, content, { painter })
    const all = Array.from({ length: streams }, () => {
      const place = content.appendChild(document.createElement('article'))
      return new StreamMarkdown(place, { painter })
    })
    for (const stream of all) stream.push(head)
    for (let n = 0; n < 10; n += 1) await frame()
    const frames: number[] = []
    const paints: number[] = []
    const start = performance.now()
    let told = 0
    let before = start
    await new Promise<void>((done) => {
      const step = (now: number) => {
        frames.push(now - before)
        before = now
        const due = Math.min(chunks.length, Math.floor(((performance.now() - start) / 1_000) * perSecond))
        const began = performance.now()
        for (; told < due; told += 1) for (const stream of all) stream.push(chunks[told]!)
        for (const stream of all) stream.paint()
        void scroller.scrollHeight
        paints.push(performance.now() - began)
        if (told < chunks.length) requestAnimationFrame(step)
        else done()
      }
      requestAnimationFrame(step)
    })
    const seconds = (performance.now() - start) / 1_000
    for (const stream of all) stream.close()
    follow.close()
    const at = (list: number[], part: number) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * part)]!
    const busyMs = paints.reduce((sum, each) => sum + each, 0)
    return {
      busyMs,
      paintP95: at(paints, 0.95),
      paintMax: at(paints, 1),
      frameP95: at(frames.slice(1), 0.95),
      frameMax: at(frames.slice(1), 1),
      fps: frames.length / seconds,
    }
  }, load)
}
