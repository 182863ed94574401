// An answer is looked at before it is taken, as far as anybody can.
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerProblem } from '../../../src/studio/server/answer-check.ts'

const asked = (more: object) => ({ request: { type: 'input-request', id: 'q', name: 'User', ...more } as const })
const days = { type: 'array', items: { type: 'integer' } }

describe('an answer', () => {
  test('fits as a value, as words that are JSON, and as words', async () => {
    expect(await answerProblem(asked({ schema: days }), { value: [1, 2] })).toBeUndefined()
    expect(await answerProblem(asked({ schema: days }), { content: '[1, 2]' })).toBeUndefined()
    expect(await answerProblem(asked({ schema: { type: 'string' } }), { content: '12' })).toBeUndefined()
  })

  test('that does not fit says where', async () => {
    expect(await answerProblem(asked({ schema: days }), { value: [1, 'two'] })).toMatch(/^\[1\]: /)
    expect(await answerProblem(asked({ schema: days }), { content: 'soon' })).toMatch(/array/)
    expect(await answerProblem(asked({ schema: days }), {})).toMatch(/array/)
  })

  test('to a question without a schema, or to an approval, is anything', async () => {
    expect(await answerProblem(asked({}), { content: 'soon' })).toBeUndefined()
    const approval = { tool: 'bash', callId: 'c', input: {} }
    expect(await answerProblem(asked({ schema: days, approval }), { value: { decision: 'deny' } })).toBeUndefined()
  })

  test('by a schema that nobody can read is left to the program', async () => {
    const warnings: string[] = []
    const hear = ({ message }: Error) => void warnings.push(message)
    process.on('warning', hear)
    onTestFinished(() => void process.off('warning', hear))
    expect(await answerProblem(asked({ schema: { $ref: '#/$defs/none' } }), { value: 1 })).toBeUndefined()
    await expect.poll(() => warnings.join()).toContain('The program has to')
  })
})
