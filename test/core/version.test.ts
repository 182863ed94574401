// The version that programs, runs and MCP servers are told.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { version } from '../../src/core/version.ts'

it('the version in the code is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  expect(version).toBe(JSON.parse(text).version)
})
