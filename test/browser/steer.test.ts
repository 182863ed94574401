// A word to an agent while it works: to whom, and when it is heard; and why it cannot be said.
import { expect, it } from 'vitest'
import type { StudioCommand } from '../../src/journal/journal.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

describeInChromium('a word to an agent', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** The next thing that people want of that run. */
  async function nextCommand(run: string): Promise<StudioCommand> {
    const over = new AbortController()
    for await (const command of house.studio.answers.commands(run, over.signal)) {
      over.abort()
      return command
    }
    throw new Error('Nobody wanted anything.')
  }

  it('reaches the one who is chosen, at the time that is chosen, and Enter while a word is composed says nothing', async () => {
    const program = await house.program('steered')
    await program.say('Bob', ['I am done.'])
    const open = program.open('Ada')
    await open.start
    const tab = await house.tab('/run/steered')
    const field = tab.getByRole('textbox', { name: 'Speak to the agent while it works' })
    const command = nextCommand(program.run)
    await field.fill('只看第二天')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    expect(await field.inputValue()).toBe('只看第二天')
    await tab.getByRole('combobox', { name: 'When it is heard' }).selectOption('now')
    await field.press('Enter')
    expect(await command).toEqual({ type: 'steer', agentId: 'agent-Ada', text: '只看第二天', when: 'now' })
    await expect.poll(() => field.inputValue()).toBe('')
    await tab.getByText('Sent to Ada. The transcript says when it is taken in.').waitFor()
    const other = nextCommand(program.run)
    await tab.getByRole('combobox', { name: 'To whom' }).selectOption('agent-Bob')
    await field.fill('And you?')
    await tab.getByRole('button', { name: 'Say it' }).click()
    expect(await other).toEqual({ type: 'steer', agentId: 'agent-Bob', text: 'And you?', when: 'now' })
  })

  it('is kept when the program does not listen', async () => {
    const program = await house.program('deaf')
    await program.say('Ada', ['I am here.'])
    const tab = await house.tab('/run/deaf')
    const field = tab.getByRole('textbox', { name: 'Speak to the agent while it works' })
    await field.fill('Hello?')
    await field.press('Enter')
    await tab.getByText('The program does not listen now.').waitFor()
    expect(await field.inputValue()).toBe('Hello?')
  })

  it('cannot be said, and Stop not be pressed, when the run has ended or is of Python AgentScope, and both say why', async () => {
    const [ended, python] = [await house.program('ended'), await house.program('python')]
    for (const program of [ended, python]) await program.say('Ada', ['Said.'])
    await ended.end()
    await python.write({ type: 'run', at: Date.now(), run: { program: 'agentscope-python' } })
    const reasons = { ended: /has ended/, python: /Python AgentScope/ }
    for (const [run, reason] of Object.entries(reasons)) {
      const tab = await house.tab(`/run/${run}`)
      await tab.locator('.steer-none', { hasText: reason }).waitFor()
      const stop = tab.getByRole('button', { name: 'Stop', exact: true })
      expect(await stop.getAttribute('aria-disabled')).toBe('true')
      expect(await stop.getAttribute('aria-description')).toMatch(reason)
      await stop.click({ force: true })
      expect(await tab.getByRole('dialog').count()).toBe(0)
    }
  })
})
