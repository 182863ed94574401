// Two speak at once, and the program ends in the way that its argument names.
import { terminal } from '../../src/terminal/index.ts'
import { speaker, told } from './paper.ts'

const screen = terminal()
const [alice, bob] = ['Alice', 'Bob'].map((name) => told((w) => w.text(`${name} has begun`), name, name))
for (const event of [...alice!.slice(0, 3), ...bob!.slice(0, 3)]) void screen.event(speaker, event)

const ends: Record<string, () => void> = {
  // The first redraw is done by now, because there was none before it.
  throws: () =>
    setImmediate(() => {
      throw new Error('A fault of the program')
    }),
  exits: () => setImmediate(() => process.exit(3)),
  'is over': () => {},
  'is killed': () => setInterval(() => {}, 1000),
}
ends[process.argv[2] as string]?.()
