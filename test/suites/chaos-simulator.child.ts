// A simulator that damages a share of its answers, in a process of its own: it keeps every request that it gets, and
// begins anew at the same address, with the next seed, when it is told to.
import { improvise, simulator } from '../../src/simulator/index.ts'
import { wires } from './wrappers.ts'

let seed = Number(process.argv[2])
const open = (port = 0) => {
  const chaos = { seed, share: 0.3, pauseMs: 5, bytes: 2000 }
  return simulator({ models: { '*': improvise }, requireKey: false, validate: false, port, chaos })
}
let simulated = await open()
const port = Number(new URL(simulated.url).port)
process.send!(Object.fromEntries(wires.map((wire) => [wire, simulated.baseUrl(wire)])))
process.on('message', async () => {
  await simulated.close()
  seed += 1
  simulated = await open(port)
  process.send!('ready')
})
process.on('disconnect', () => process.exit())
