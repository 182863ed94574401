// A stream that can be left while it waits.
import { expect, test } from 'vitest'
import { leavable } from '../../src/core/leavable.ts'

function waiting() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const heard: string[] = []
  const values = async function* () {
    try {
      yield 1
      await promise
    } finally {
      heard.push('cleaned up')
    }
  }
  const leave = () => {
    heard.push('left')
    resolve()
  }
  return { values: leavable(values(), leave), heard }
}

test('is left at once while it waits for a value, and cleans up', async () => {
  const { values, heard } = waiting()
  await values.next()
  const next = values.next()
  const leaving = values.return()
  expect(heard).toEqual(['left'])
  expect(await next).toEqual({ done: true, value: undefined })
  await leaving
  expect(heard).toEqual(['left', 'cleaned up'])
})

test('is left once, however often it is told to', async () => {
  const { values, heard } = waiting()
  for await (const value of values) if (value === 1) break
  await values.return()
  await values[Symbol.asyncDispose]()
  expect(heard).toEqual(['left', 'cleaned up'])
})

test('throws what it is given, after it was left', async () => {
  const { values, heard } = waiting()
  const boom = new Error('boom')
  await values.next()
  await expect(values.throw(boom)).rejects.toBe(boom)
  expect(heard).toEqual(['left', 'cleaned up'])
})
