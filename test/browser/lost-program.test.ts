// A program that went away: what it left open is told as such, and what was answered to it is told to be kept.
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

describeInChromium('a program that went away', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)
  const ada = { name: 'Ada', id: 'agent-Ada' }

  it('runs its calls no more: one without a result says so, and runs again when the program is back', async () => {
    const program = await house.program('calls')
    const block = { type: 'tool_use', id: 'c', name: 'get_weather', rawInput: '{}', input: {} } as const
    await program.tell(
      ada,
      { type: 'message-start', id: 'm', role: 'assistant', name: 'Ada' },
      { type: 'block-start', id: 'm', index: 0, block },
      { type: 'block-end', id: 'm', index: 0 },
    )
    const tab = await house.tab('/run/calls')
    await tab.locator('.tool-state', { hasText: 'running…' }).waitFor()
    await program.write({ type: 'run', at: Date.now(), run: { status: 'lost' } })
    await tab.locator('.tool-state', { hasText: 'no result' }).waitFor()
    await program.write({ type: 'run', at: Date.now(), run: { status: 'running' } })
    await tab.locator('.tool-state', { hasText: 'running…' }).waitFor()
  })

  it('leaves its question open: the inbox says that it is gone in the words of the run, until it is back', async () => {
    const program = await house.program('asks')
    await program.say('Ada', ['I wonder.'])
    await program.tell(ada, { type: 'input-request', id: 'q', name: 'Ada', text: 'Which hotel?' })
    const inbox = await house.tab('/inbox')
    await inbox.locator('.inbox-item', { hasText: 'Which hotel?' }).waitFor()
    expect(await inbox.locator('.error-card').count()).toBe(0)
    await program.write({ type: 'run', at: Date.now(), run: { status: 'lost' } })
    const run = await house.tab('/run/asks')
    const told = await run.locator('.lost-card .error-card').innerText()
    expect(told).toContain('Connection to the program lost')
    await expect.poll(() => inbox.locator('.inbox-item .error-card').innerText()).toBe(told)
    await inbox.getByRole('textbox', { name: 'Your answer' }).waitFor()
    await program.write({ type: 'run', at: Date.now(), run: { status: 'running' } })
    await inbox.locator('.error-card').waitFor({ state: 'detached' })
  })

  it('says so in Chinese too', async () => {
    const program = await house.program('asks')
    await program.tell(ada, { type: 'input-request', id: 'q', name: 'Ada', text: '住哪家酒店？' })
    await program.write({ type: 'run', at: Date.now(), run: { status: 'lost' } })
    const inbox = await house.tab('/inbox', await chromium.context({ locale: 'zh-CN' }))
    await inbox.locator('.inbox-item .error-card', { hasText: '与程序的连接已断开' }).waitFor()
  })

  it('gets its answer when it is back: until then the answer is told to be kept, in the run and in the inbox', async () => {
    const program = await house.program('asks')
    await program.say('Ada', ['I wonder.'])
    await program.tell(ada, { type: 'input-request', id: 'q', name: 'Ada', text: 'Which hotel?' })
    await program.write({ type: 'run', at: Date.now(), run: { status: 'lost' } })
    const tab = await house.tab('/run/asks')
    await tab.getByRole('textbox', { name: 'Your answer' }).fill('The small one')
    await tab.getByRole('button', { name: 'Send', exact: true }).click()
    await tab.locator('.request-answered', { hasText: 'kept until the program comes back' }).waitFor()
    const inbox = await house.tab('/inbox')
    await inbox.locator('.request-answered', { hasText: 'kept until the program comes back' }).waitFor()
    await program.tell(ada, { type: 'input-answer', id: 'q', content: 'The small one', by: 'Studio' })
    await expect.poll(() => tab.locator('.request-answered').innerText()).not.toContain('kept')
    expect(await tab.locator('.request-answered').innerText()).toContain('The small one')
  })
})
