// A Studio in a process of its own, to measure it, stop it, or kill it: prints its address; ends with its standard input.
import { openStudio } from '../../src/studio/server/studio.ts'

const [data, port = '0'] = process.argv.slice(2)
const studio = await openStudio({ port: Number(port), data, client: process.env['STUDIO_WEB_OUT'] })
process.stdout.write(`${studio.url}\n`)
process.stdin.resume().on('close', () => studio.close().then(() => process.exit()))
