// A simulator in a process of its own, so that the memory of whoever asks it can be measured. It keeps every request that
// it gets; told to, it begins anew at the same address and forgets them.
import { improvise, simulator } from '../../src/simulator/index.ts'

const open = (port = 0) => simulator({ models: { '*': improvise }, port })
let simulated = await open()
const port = Number(new URL(simulated.url).port)
process.send!(simulated.baseUrl('openai'))
process.on('message', async () => {
  await simulated.close()
  simulated = await open(port)
  process.send!('ready')
})
process.on('disconnect', () => process.exit())
