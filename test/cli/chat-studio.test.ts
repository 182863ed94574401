// A chat that Studio hears too: in one of its own or at an address, with calls that are allowed from there.
import { afterEach, describe, expect, it } from 'vitest'
import { openStudio } from '../../src/studio/index.ts'
import { folder, remover } from './files.ts'
import { endAll, hasScript, run } from './run.ts'
import { openTab, type StudioTab } from './studio-tab.ts'

let tab: StudioTab | undefined

afterEach(() => {
  tab?.close()
  endAll()
})

describe('a chat with --studio', () => {
  it.skipIf(!hasScript)('lets a call run that was allowed in Studio, and the keyboard is free again', async () => {
    using files = folder({ 'tools.ts': remover })
    const args = ['chat', '-m', 'simulator/openai', '--tools', files.path('tools.ts'), '--studio']
    const screen = run(args, { terminal: true, cwd: files.path('.') })
    await screen.shows('User Input')
    tab = await openTab(screen.text)
    screen.type('remove notes.txt\r')
    await screen.shows('Allow remove?')
    const question = await tab.question()
    expect(question.request.approval).toMatchObject({ tool: 'remove' })
    expect(await tab.answer(question, { value: { decision: 'allow' } })).toBe('ok')
    await screen.shows('answered in Studio: allow')
    await screen.shows('← remove: removed')
    await screen.shows('User Input')
    screen.type('exit\r')
    expect(await screen.exit).toBe(0)
  })

  it('in a pipe keeps the output to the conversation, tells its run to the Studio at the address, and ends', async () => {
    const studio = await openStudio({ port: 0 })
    const chat = run(['chat', '--simulated', '--studio', studio.url])
    chat.type('hello\n')
    chat.end()
    expect(await chat.exit).toBe(0)
    expect(chat.text).toMatch(/^User: hello\nAssistant/)
    tab = await openTab(studio.url)
    expect(await tab.run()).toMatchObject({ name: 'chat', status: 'done', agents: ['User', 'Assistant'] })
    await studio.close()
  })

  it('and an address that is none says so', async () => {
    const chat = run(['chat', '--simulated', '--studio', 'nowhere at all'])
    expect(await chat.exit).toBe(1)
    expect(chat.text).toMatch(/The address of Studio is no URL/)
  })
})
