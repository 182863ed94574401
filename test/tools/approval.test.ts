// A person's word on a tool call: what is asked, how the answer is read, and what the model learns of it.
import { describe, expect, it } from 'vitest'
import type { InputRequest, StreamEvent } from '../../src/core/event.ts'
import { createScope } from '../../src/create-scope.ts'
import type { Answer, Input } from '../../src/scope.ts'
import { Approvals, askApproval, readDecision, tool } from '../../src/tools/index.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { callOf, run, runOne } from './running.ts'

expectNoLostRejections()

const speaker = { name: 'Friday', id: 'friday' }
const wx = tool({ name: 'wx', description: 'Weather', approval: true, run: () => 'sun' })

/** Someone who gives these answers, one after the other. */
function person(...answers: Answer[]): Input & { asked: InputRequest[] } {
  const asked: InputRequest[] = []
  return {
    asked,
    ask: async (request) => {
      asked.push(request)
      return answers.shift() ?? 'no'
    },
  }
}

describe('the question', () => {
  it('shows the call in words, as fields, and with a schema', async () => {
    const ann = person('yes')
    const call = callOf('wx', { city: 'Rome' })
    await askApproval(createScope({ inputs: [ann] }), speaker, call)
    expect(ann.asked).toEqual([
      {
        type: 'input-request',
        id: expect.any(String),
        name: 'Friday',
        text: 'Allow wx({"city":"Rome"})? yes / always / no, or say why not:',
        schema: expect.objectContaining({ type: 'object', required: ['decision'] }),
        approval: { tool: 'wx', callId: 'call-wx', input: { city: 'Rome' } },
      },
    ])
  })

  it('has an end when it is given one: unanswered, it is a no, and everybody who listens is told', async () => {
    const heard: StreamEvent[] = []
    const silent: Input = { ask: () => new Promise(() => undefined) }
    const sink = { event: (_: unknown, event: StreamEvent) => void heard.push(event) }
    const scope = createScope({ inputs: [silent], sinks: [sink], disableSaving: true })
    const before = Date.now()
    const decision = await askApproval(scope, speaker, callOf('wx'), undefined, 20)
    expect(decision).toEqual({ decision: 'deny', reason: 'it needs approval, and nobody answered within 20 ms.' })
    expect(heard).toMatchObject([{ type: 'input-request' }, { type: 'input-answer', by: 'default' }])
    const [asked] = heard as [InputRequest]
    expect(Date.parse(asked.expiresAt ?? '')).toBeGreaterThanOrEqual(before + 20)
  })

  it('is not asked where nobody can answer, and the answer is no', async () => {
    const decision = await askApproval(createScope(), speaker, callOf('wx'))
    expect(decision).toEqual({ decision: 'deny', reason: 'it needs approval, and nobody is there to be asked.' })
  })
})

describe('the answer', () => {
  it.each([
    ['y', { decision: 'allow' }],
    [' Yes. ', { decision: 'allow' }],
    ['ALLOW', { decision: 'allow' }],
    ['a', { decision: 'allow-always' }],
    ['always', { decision: 'allow-always' }],
    ['n', { decision: 'deny' }],
    ['No!', { decision: 'deny' }],
    ['deny', { decision: 'deny' }],
    ['', { decision: 'deny' }],
    ['not in Rome', { decision: 'deny', reason: 'not in Rome' }],
    ['yes, but not in Rome', { decision: 'deny', reason: 'yes, but not in Rome' }],
  ])('%j in words is understood', (content, decision) => {
    expect(readDecision({ content })).toEqual(decision)
    expect(readDecision({ content: [{ type: 'text', text: content }] })).toEqual(decision)
    expect(readDecision({ content: 'shown', value: content === '' ? { decision: '' } : content })).toEqual(decision)
  })

  it.each([
    [{ decision: 'allow' }, { decision: 'allow' }],
    [{ decision: 'allow-always', reason: '' }, { decision: 'allow-always' }],
    [
      { decision: 'deny', reason: 'too far' },
      { decision: 'deny', reason: 'too far' },
    ],
    [{ decision: 'deny' }, { decision: 'deny' }],
    [{}, { decision: 'deny' }],
    [{ decision: 7 }, { decision: 'deny', reason: '7' }],
  ])('%j as fields is understood', (value, decision) => {
    expect(readDecision({ content: 'yes', value })).toEqual(decision)
  })
})

describe('approvals of a run', () => {
  it('are asked for every call until one is allowed for good, and that is remembered', async () => {
    const ann = person('yes', 'always')
    const scope = createScope({ inputs: [ann] })
    const approvals = new Approvals()
    const ask = (name: string) => approvals.approve(scope, speaker, callOf(name))
    const given = [await ask('wx'), await ask('wx'), await ask('wx'), await ask('other')]
    expect(given).toEqual([{ allowed: true }, { allowed: true }, { allowed: true }, { allowed: false }])
    expect(ann.asked).toHaveLength(3)
    expect(JSON.stringify(approvals)).toBe('{"always":["wx"]}')
    const later = new Approvals(JSON.parse(JSON.stringify(approvals)))
    expect(await later.approve(createScope(), speaker, callOf('wx'))).toEqual({ allowed: true })
  })

  it('are asked for one at a time, so that "always" answers the next question too', async () => {
    const open = gate()
    const asked: string[] = []
    const slow: Input = {
      ask: async ({ approval }) => {
        asked.push(approval?.callId ?? '')
        await open.opened
        return 'always'
      },
    }
    const scope = createScope({ inputs: [slow] })
    const approvals = new Approvals()
    const both = ['a', 'b'].map((id) => approvals.approve(scope, speaker, callOf('wx', {}, id)))
    open.open()
    expect(await Promise.all(both)).toEqual([{ allowed: true }, { allowed: true }])
    expect(asked).toEqual(['a'])
  })
})

describe('a question that nobody ever answers', () => {
  it('does not hold up the questions after it once its signal has fired', async () => {
    const approvals = new Approvals()
    const stop = new AbortController()
    const dead = { canAsk: true, ask: () => new Promise<never>(() => {}) }
    const first = approvals.approve(dead, speaker, callOf('wx'), stop.signal)
    const second = approvals.approve(createScope({ inputs: [person('yes')] }), speaker, callOf('wx'))
    stop.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect(await second).toEqual({ allowed: true })
  })
})

describe('a call that needs approval', () => {
  it('is run when it is allowed, and else tells the model why it was not', async () => {
    const scope = createScope({ inputs: [person('yes', 'we know already', 'no')] })
    const approvals = new Approvals()
    const { results } = await run([callOf('wx', {}, '1'), callOf('wx', {}, '2'), callOf('wx', {}, '3')], [wx], {
      approve: (call, _tool, signal) => approvals.approve(scope, speaker, call, signal),
    })
    expect(results.map(({ output }) => output)).toEqual([
      'sun',
      'The call of wx was not allowed, so it was not run. The reason: we know already',
      'The call of wx was not allowed, so it was not run. No reason was given.',
    ])
    expect(results[1]).toMatchObject({ isError: true, metadata: { state: 'denied' } })
  })

  it('is asked about only when its checked input calls for it', async () => {
    const asked: unknown[] = []
    const pay = tool({
      name: 'pay',
      description: 'Pays',
      input: { type: 'object', properties: { amount: { type: 'number' } } },
      approval: async (input) => (input as { amount: number }).amount > 10,
      run: () => 'paid',
    })
    const { results } = await run(
      [callOf('pay', { amount: 5 }, 'small'), callOf('pay', { amount: 50 }, 'big')],
      [pay],
      {
        approve: async (call) => {
          asked.push(call.id)
          return { allowed: false }
        },
      },
    )
    expect(asked).toEqual(['big'])
    expect(results.map(({ isError }) => isError)).toEqual([undefined, true])
  })

  it.each([
    ['nobody can be asked', undefined, /nobody is there to be asked/],
    ['asking fails', () => Promise.reject(new Error('the line is dead')), /asking failed: the line is dead/],
  ])('is denied when %s', async (_what, approve, sentence) => {
    const { result } = await runOne(callOf('wx'), [wx], approve === undefined ? {} : { approve })
    expect(result).toMatchObject({ isError: true, output: expect.stringMatching(sentence) })
    expect(result.metadata).toEqual({ state: 'denied' })
  })

  it('is not run when it cannot be told whether it needs approval', async () => {
    const ran: string[] = []
    const broken = tool({
      name: 'broken',
      description: 'Breaks',
      approval: () => {
        throw new Error('who knows')
      },
      run: () => void ran.push('ran'),
    })
    const { result } = await runOne(callOf('broken'), [broken])
    expect(result).toMatchObject({ isError: true, output: 'The tool broken failed: who knows' })
    expect(ran).toEqual([])
  })

  it('is interrupted, and the question called off, when the reply is stopped meanwhile', async () => {
    const stop = new AbortController()
    const calledOff = gate()
    const silent: Input = {
      ask: (_request, signal) => {
        signal.addEventListener('abort', () => calledOff.open())
        stop.abort()
        return new Promise(() => {})
      },
    }
    const approvals = new Approvals()
    const scope = createScope({ inputs: [silent] })
    const { result } = await runOne(callOf('wx'), [wx], {
      signal: stop.signal,
      approve: (call, _tool, signal) => approvals.approve(scope, speaker, call, signal),
    })
    await calledOff.opened
    expect(result).toMatchObject({ isError: true, metadata: { state: 'interrupted' } })
    const next = await approvals.approve(createScope({ inputs: [person('yes')] }), speaker, callOf('wx'))
    expect(next).toEqual({ allowed: true })
  })
})
