// Questions to people in the page: whoever answers first is heard, once, by the run that asked.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { StudioCommand } from '../../src/journal/journal.ts'
import { agent } from './agent.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

describeInChromium('a question to people', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** What reaches the program of that run, from now on. */
  function commandsOf(run: string): { heard: StudioCommand[]; stop: () => void } {
    const heard: StudioCommand[] = []
    const over = new AbortController()
    const listening = async () => {
      for await (const command of house.studio.answers.commands(run, over.signal)) heard.push(command)
    }
    listening()
    return { heard, stop: () => over.abort() }
  }

  async function typed(tab: Page, words: string): Promise<void> {
    await tab.locator('.request textarea').fill(words)
  }
  const send = (tab: Page) => tab.locator('.request button').click()
  const answered = (tab: Page) => tab.locator('.request-answered').waitFor()

  it('is answered in two tabs at once: the first wins, both show it, the agent hears it once and no other run does', async () => {
    const [program, other] = [await house.program('asking'), await house.program('other')]
    await program.say('Ada', ['I have a question.'])
    const commands = [commandsOf(program.run), commandsOf(other.run)] as const
    const tabs = [await house.tab('/run/asking'), await house.tab('/run/asking')] as const
    const speaker = { name: 'Ada', id: 'ada' }
    await program.tell(speaker, { type: 'input-request', id: 'hotel', name: 'User', text: 'Which hotel?' })
    await typed(tabs[0], 'Lakeside Inn')
    await typed(tabs[1], 'Canal House')
    // The slower of the two may find that it is answered already, and its button gone: each holds its own.
    const buttons = await Promise.all(tabs.map((tab) => tab.locator('.request button').elementHandle()))
    await Promise.all(buttons.map((button) => button?.dispatchEvent('click')))
    await expect.poll(() => commands[0].heard.length).toBe(1)
    const [command] = commands[0].heard
    if (command?.type !== 'answer') throw new Error('The program heard something else than an answer.')
    const content = command.answer.content ?? ''
    expect(['Lakeside Inn', 'Canal House']).toContain(content)
    await program.tell(speaker, { type: 'input-answer', id: 'hotel', content })
    await Promise.all(tabs.map(answered))
    for (const tab of tabs) expect(await tab.locator('.request-answered').innerText()).toContain(content)
    expect(commands.map(({ heard }) => heard.length)).toEqual([1, 0])
    for (const { stop } of commands) stop()
    expect((await fetch(`${house.origin}/api/health`)).status).toBe(200)
  })

  it('is not taken when the answer does not fit: the card says which field, and takes the next one', async () => {
    const program = await house.program('asking')
    const { heard, stop } = commandsOf(program.run)
    const tab = await house.tab('/run/asking')
    const code = { type: 'string', title: 'Code', pattern: '^[A-Z]{3}$' }
    const schema = { type: 'object', properties: { code }, required: ['code'] }
    await program.tell({ name: 'Ada', id: 'ada' }, { type: 'input-request', id: 'q', name: 'User', schema })
    await tab.getByLabel('Code').fill('rome')
    await send(tab)
    await tab
      .getByRole('alert')
      .filter({ hasText: /does not fit.*code/ })
      .waitFor()
    expect(heard).toEqual([])
    await tab.getByLabel('Code').fill('ROM')
    await send(tab)
    await expect.poll(() => heard).toMatchObject([{ type: 'answer', answer: { value: { code: 'ROM' } } }])
    stop()
  })

  it('of a real program is answered by the first of two tabs; the second says by whom, and another program still waits', async () => {
    const [asking, other] = [
      await agent('ask', house.studio.url, 'asking'),
      await agent('ask', house.studio.url, 'other'),
    ] as const
    const path = `/run/${asking.run}`
    const [first, second] = [await house.tab(path), await house.tab(path)] as const
    await typed(first, 'Lakeside Inn')
    await typed(second, 'Canal House')
    await send(first)
    expect(await asking.result).toEqual({ got: 'Lakeside Inn' })
    await answered(second)
    expect(await second.locator('.request-answered').innerText()).toMatch(/Lakeside Inn.*answered by/)
    expect(house.studio.answers.pending().map(({ run }) => run)).toEqual([other.run])
    expect((await fetch(`${house.origin}/api/health`)).status).toBe(200)
  })
})
