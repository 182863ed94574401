// One measurement in a process of its own: `measure.ts <what> <client> <arguments as JSON>` prints its figures as JSON.
import type { Client } from './client.ts'
import { crowd } from './measures/crowd.ts'
import { growing, longLine, parsing } from './measures/growing.ts'
import { flood, leaving } from './measures/leaving.ts'
import { longReply, shortReplies } from './measures/replies.ts'

/** How long it takes to load packages into a process that has loaded nothing. Wall milliseconds. */
async function importTime(...packages: string[]) {
  const files = packages.length > 0 ? packages : [`${process.env['AGENTSCOPE_BENCH_BUILD']}/models/index.js`]
  const start = performance.now()
  for (const file of files) await import(file)
  return { importMs: performance.now() - start }
}

const ofClients = { longReply, shortReplies, crowd, growing, flood, leaving }
const ofPackages = { importTime, longLine, parsing }

async function clientNamed(name: string): Promise<Client> {
  if (name === 'floor') return (await import('./floor.ts')).client
  const { clients } = await import('./ours.ts')
  if (name in clients) return clients[name as keyof typeof clients]
  return ((await import(`./peers/${name}.ts`)) as { client: Client }).client
}

type Measure = (...given: unknown[]) => Promise<unknown>

async function run(): Promise<unknown> {
  const [what = '', name = '', given = '[]'] = process.argv.slice(2)
  const rest = JSON.parse(given) as (string | number)[]
  if (what in ofPackages) return (ofPackages[what as keyof typeof ofPackages] as Measure)(...rest)
  return (ofClients[what as keyof typeof ofClients] as Measure)(await clientNamed(name), ...rest)
}

if (import.meta.main) {
  process.stdout.write(`\n${JSON.stringify(await run())}`)
  process.exit(0)
}
