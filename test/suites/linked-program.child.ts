// A program that speaks to a Studio and then simply ends, without closing anything.
import { nameRun } from '../../src/core/run-name.ts'
import { studioLink } from '../../src/journal/studio-link.ts'
import { assembleScope } from '../../src/scope.ts'

const [url = '', asks, connectMs = '5000'] = process.argv.slice(2)
const link = studioLink(url, {
  run: { ...nameRun(), runId: 'run' },
  connectMs: Number(connectMs),
  warn: () => undefined,
})
const scope = assembleScope({ sinks: [link.sink], inputs: [link.input] })
const ada = { name: 'Ada', id: 'a' }
if (asks === 'asks') {
  const { content } = await scope.ask(ada, { type: 'input-request', id: 'q', name: 'Ada' })
  await scope.publish(ada, { type: 'text-delta', id: 'm', index: 0, delta: `heard: ${content}` })
}
for (let n = 1; n <= 500; n += 1) {
  await scope.publish(ada, { type: 'text-delta', id: 'm', index: 0, delta: `${n} ` })
}
