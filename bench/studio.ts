// `npm run bench:studio`: the gates of Studio, measured in a real browser, beside AgentScope Studio's figures.
// Options: --short (fewer rounds), --only <part>. Prints a table; exit code 1 when a gate is not kept.
import { parseArgs } from 'node:util'
import { agentGate, loadGate, mergeGate } from './studio-cost.ts'
import { idleGate } from './studio-idle.ts'
import { longGates, openGates, streamGates } from './studio-page.ts'
import { openRoom, type Room } from './studio-room.ts'
import { type Gate, gateTable, passes } from './studio-table.ts'
import { lagGates, recoveryGates, wireGates } from './studio-wire.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false }, only: { type: 'string' } } })
const { short } = values

const parts: Record<string, (room: Room) => Promise<Gate[]>> = {
  cost: async (room) => [idleGate(), await loadGate(room), await agentGate(room), mergeGate()],
  wire: (room) => wireGates(room, short),
  lag: (room) => lagGates(room, short),
  recovery: recoveryGates,
  streams: (room) => streamGates(room, short),
  long: (room) => longGates(room, short),
  open: openGates,
}
const chosen = Object.entries(parts).filter(([name]) => values.only === undefined || values.only === name)
if (chosen.length === 0) {
  console.error(`--only takes one of ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

const gates: Gate[] = []
const failures: string[] = []
for (const [name, measure] of chosen) {
  // A Studio of its own for each part, so that none is measured with what another left behind.
  await using room = await openRoom()
  console.error(`measuring ${name} ...`)
  // What could not be measured must not hide what was.
  const failed = (error: Error) => {
    failures.push(`${name}: ${error.message}`)
    return []
  }
  gates.push(...(await measure(room).catch(failed)))
}
console.log(gateTable(gates))
const missed = gates.filter((gate) => !passes(gate)).length
console.log(missed === 0 ? '\nAll gates are kept.' : `\n${missed} of ${gates.length} gates are not kept.`)
for (const failure of failures) console.log(`Could not be measured: ${failure}`)
process.exitCode = missed === 0 && failures.length === 0 ? 0 : 1
