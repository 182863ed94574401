// What a form sends: a field that may be left out is left out, also when it has fields of its own that are needed.
import { describe, expect, it } from 'vitest'
import { formValue, type Problem, type Schema } from '../../../src/studio/web/components/schema-value.ts'

const guest: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, vegetarian: { type: 'boolean' } },
  required: ['name'],
}

function sent(required: string[], draft: Parameters<typeof formValue>[1]) {
  const problems: Problem[] = []
  const value = formValue({ type: 'object', properties: { guest }, required }, draft, true, problems)
  return { value, problems: problems.map(({ path }) => path) }
}

describe('an object in a form', () => {
  it('that is not needed is left out when nothing is written in it', () => {
    for (const draft of [undefined, {}, { name: ' ', vegetarian: false }]) {
      expect(sent([], { guest: draft })).toEqual({ value: {}, problems: [] })
    }
  })

  it('must be whole when it is needed, or when something is written in it', () => {
    expect(sent(['guest'], {}).problems).toEqual(['/guest/name'])
    expect(sent([], { guest: { vegetarian: true } }).problems).toEqual(['/guest/name'])
    expect(sent([], { guest: { name: 'Li' } }).value).toEqual({ guest: { name: 'Li' } })
  })
})
