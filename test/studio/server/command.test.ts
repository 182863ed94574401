// `agentscope studio` as a person runs it.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { run as agentscope, endAll } from '../../cli/run.ts'

afterEach(endAll)

describe('agentscope studio', () => {
  test('prints its address, keeps its data for its owner only, and ends with Ctrl-C', async () => {
    const home = mkdtempSync(join(tmpdir(), 'agentscope-data-'))
    const run = agentscope(['studio', '--port', '0'], { env: { XDG_DATA_HOME: home } })
    await run.shows('Data:')
    const [, base, token] = /(http:\/\/localhost:\d+)\/#token=([0-9a-f]{32})/.exec(run.text) ?? []
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${base}/api/runs`, { headers })).status).toBe(200)
    expect((await fetch(`${base}/api/runs`)).status).toBe(401)
    expect(statSync(join(home, 'agentscope', 'studio.sqlite')).mode & 0o777).toBe(0o600)
    run.signal('SIGINT')
    expect(await run.exit).toBe(0)
    rmSync(home, { recursive: true })
  })

  test.each([
    [['--port', 'many'], 2, '--port needs a number'],
    [['--host', '0.0.0.0', '--no-token', '--data', 'memory'], 1, 'needs a token'],
    [['--host', '203.0.113.7', '--port', '0', '--data', 'memory'], 1, 'cannot listen'],
    [['--nonsense'], 2, '--nonsense'],
  ] as const)('says what is wrong with %j', async (given, code, words) => {
    const run = agentscope(['studio', ...given])
    expect(await run.exit).toBe(code)
    expect(run.text).toContain(words)
  })
})
