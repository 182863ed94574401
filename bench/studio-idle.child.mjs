// An idle Studio as it is published: compiled, from the folder that is named; tells its resident memory in bytes.
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const [dist, data] = process.argv.slice(2)
const { openStudio } = await import(pathToFileURL(`${dist}/studio/index.js`).href)
const studio = await openStudio({ port: 0, data })
await setTimeout(1500)
globalThis.gc()
const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
process.stdout.write(String(1024 * Number(kilobytes)))
await studio.close()
