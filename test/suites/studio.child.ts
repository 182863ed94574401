// A Studio's `/ingest` over a SQLite file in a process of its own, so that it can be killed.
import { sqliteJournals } from '../../src/journal/sqlite.ts'
import { ingestServer } from './ingest-server.ts'

const [path = '', port = '0'] = process.argv.slice(2)
const server = await ingestServer(sqliteJournals(path, { commitMs: 5 }), { port: Number(port) })
process.send?.(server.url)
process.on('disconnect', () => process.exit())
