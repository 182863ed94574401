// The demo in the terminal and in Studio at once: the address first, one question that either place may answer, an end.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { endAll, hasScript, type Run, run } from './run.ts'
import { openTab, type StudioTab } from './studio-tab.ts'

const cwd = mkdtempSync(join(tmpdir(), 'agentscope-demo-'))
let tab: StudioTab | undefined

afterEach(() => {
  tab?.close()
  endAll()
  rmSync(join(cwd, '.agentscope'), { recursive: true, force: true })
})

afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const args = ['demo', '--simulated', '--fast', '--port', '0']

/** At the question, with a tab that has heard of it. */
async function asked(...more: string[]): Promise<{ screen: Run; tab: StudioTab }> {
  const screen = run([...args, ...more], { terminal: true, cwd })
  await screen.shows('#token=')
  await screen.shows('(here or in Studio)')
  tab = await openTab(screen.text)
  return { screen, tab }
}

describe('without a terminal', () => {
  it('prints the address first, says that nobody can answer, ends, and has kept the run in the project', async () => {
    const running = run(args, { cwd })
    expect(await running.exit).toBe(0)
    const [address, real] = running.text.split('\n')
    expect(address).toMatch(/^Studio: http:\/\/localhost:\d+\/#token=[0-9a-f]{32}$/)
    expect(real).toMatch(/^No key/)
    expect(running.text).toContain('Nobody is here to answer, so the answer is "I like to read along".\nYou: I like')
    expect(readFileSync(join(cwd, '.agentscope', '.gitignore'), 'utf8')).toBe('*\n')
    const replay = run(['replay', 'run_', '--speed', 'max'], { cwd })
    expect(await replay.exit).toBe(0)
    expect(replay.text).toContain('· answered by default\nYou: I like to read along\n')
  })

  it('--data memory keeps nothing, --data <file> keeps it there', async () => {
    expect(await run([...args, '--data', 'memory'], { cwd }).exit).toBe(0)
    expect(existsSync(join(cwd, '.agentscope'))).toBe(false)
    const file = join(cwd, 'own.sqlite')
    expect(await run([...args, '--data', file], { cwd }).exit).toBe(0)
    expect(existsSync(file)).toBe(true)
  })

  it('says when the file of the project is in use, and goes on without keeping anything', async () => {
    const first = hasScript ? await asked() : undefined
    const second = run(args, { cwd })
    expect(await second.exit).toBe(0)
    if (first) expect(second.text).toContain('So Studio keeps nothing of this.')
  })
})

describe.skipIf(!hasScript)('in a terminal', () => {
  it('is answered in Studio: the prompt goes, what was being typed is told, and who answered', async () => {
    const { screen, tab } = await asked('--once')
    screen.type('I thi')
    await screen.shows('I thi')
    const question = await tab.question()
    expect(question.request.text).toContain('And you')
    expect(await tab.answer(question, { content: 'For fun.' })).toBe('ok')
    await screen.shows('(not sent: I thi)')
    await screen.shows('answered in Studio: For fun.')
    await screen.shows('You say "For fun."')
    expect(await tab.answer(question, { content: 'Too late.' })).toBe('ok')
    expect(await screen.exit).toBe(0)
    expect(screen.text).not.toContain('Too late.')
  })

  it('is answered in the terminal: Studio tells so, and takes no second answer', async () => {
    const { screen, tab } = await asked()
    const question = await tab.question()
    screen.type('From here.\r')
    expect(await tab.answered(question.request.id)).toMatchObject({ by: 'terminal', content: 'From here.' })
    await screen.shows('You say "From here."')
    expect(await tab.answer(question, { content: 'Too late.' })).toBe('answered')
    await screen.shows('User Input')
    screen.type('exit\r')
    expect(await screen.exit).toBe(0)
  })

  it('goes on as a chat in the same run, which may be spoken to from Studio, too', async () => {
    const { screen, tab } = await asked()
    screen.type('x\r')
    await screen.shows('Now you: talk with OpenAI')
    await screen.shows('User Input')
    expect(await tab.answer(await tab.question(), { content: 'Hello from the page' })).toBe('ok')
    await screen.shows('answered in Studio: Hello from the page')
    await screen.shows('I heard "Hello from the page"')
    await screen.shows('User Input')
    screen.type('\u0004')
    expect(await screen.exit).toBe(0)
    const replay = run(['replay', 'run_', '--speed', 'max'], { cwd })
    expect(await replay.exit).toBe(0)
    expect(replay.text).toContain('· answered in Studio\nUser: Hello from the page\n')
  })

  it('Ctrl-C at the question ends with 130, and the run as stopped', async () => {
    const { screen } = await asked()
    screen.type('\u0003')
    expect(await screen.exit).toBe(130)
    const list = run(['replay'], { cwd })
    expect(await list.exit).toBe(0)
    expect(list.text).toMatch(/run_\S+_demo {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}stopped {3}demo/)
  })
})
