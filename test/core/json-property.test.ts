// Random JSON, cut and broken at random, read by the incremental parser and by JSON.parse. A failure names its seed.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isWholeJson, repairJson } from '../../src/core/json.ts'
import { IncrementalJson, type IncrementalJsonOptions } from '../../src/core/json-incremental.ts'
import { mulberry32, pick, randomJson, valueOfPrefix } from './json-oracle.ts'

const firstSeed = Number(process.env['JSON_SEED'] ?? 20_260)

/** Runs `check` once for each seed; the first that finds something wrong is the failure. */
function forSeeds(count: number, check: (random: () => number) => string | undefined): void {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const wrong = attempt(() => check(mulberry32(seed)))
    if (wrong !== undefined) expect.fail(`JSON_SEED=${seed}: ${wrong}`)
  }
  expect(count).toBeGreaterThan(0)
}

function attempt(check: () => string | undefined): string | undefined {
  try {
    return check()
  } catch (error) {
    return String(error)
  }
}

function readCut(text: string, random: () => number, options?: IncrementalJsonOptions): IncrementalJson {
  const json = new IncrementalJson(options)
  const longest = pick(random, [1, 3, 12, 100])
  for (let at = 0; at < text.length; ) {
    const next = at + 1 + Math.floor(random() * longest)
    json.push(text.slice(at, next))
    at = next
  }
  json.end()
  return json
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const shrapnel = [...'{}[]:,"\\ \t\n0123-+.eEutrfalsn/\0😀', '', '', '', 'null', '""', '\\u', '\\x', '00', ',,']

/** The text with one to three places changed: something put in, taken out or replaced. */
function mutated(text: string, random: () => number): string {
  let broken = text
  for (let count = Math.ceil(random() * 3); count > 0; count -= 1) {
    const at = Math.floor(random() * (broken.length + 1))
    broken = broken.slice(0, at) + pick(random, shrapnel) + broken.slice(at + Math.floor(random() * 3))
  }
  return broken
}

/** What the parser made of the text, if it is not what JSON.parse makes of `meaning`. */
function difference(json: IncrementalJson, text: string, meaning = text): string | undefined {
  const whole = parsed(meaning)
  const agrees =
    json.closed === (whole !== undefined) && (whole === undefined || isDeepStrictEqual(json.value, whole.value))
  return agrees ? undefined : `${JSON.stringify(text)} gave ${JSON.stringify(json.value)}, ${json.failed?.message}`
}

describe('random JSON', () => {
  test('gives what JSON.parse gives, wherever it is cut', () => {
    forSeeds(3000, (random) => {
      const text = randomJson(random, 5)
      return difference(readCut(text, random), text)
    })
  })

  test('gives the right value after every single character', () => {
    forSeeds(600, (random) => {
      const text = randomJson(random)
      const json = new IncrementalJson()
      for (let at = 0; at < Math.min(text.length, 400); at += 1) {
        json.push(text.charAt(at))
        const expected = valueOfPrefix(text.slice(0, at + 1))
        if (!isDeepStrictEqual(json.value, expected))
          return `${text.slice(0, at + 1)} gave ${JSON.stringify(json.value)} for ${JSON.stringify(expected)}`
      }
      return undefined
    })
  })

  test('that was broken is rejected exactly when JSON.parse rejects it', () => {
    let rejected = 0
    forSeeds(6000, (random) => {
      const text = mutated(randomJson(random, 3), random)
      const json = readCut(text, random)
      if (!json.closed) rejected += 1
      return difference(json, text)
    })
    expect(rejected).toBeGreaterThan(1000)
    expect(rejected).toBeLessThan(5500)
  })

  test('that was broken fails at the first character that cannot stand there, and shows what came before', () => {
    forSeeds(2000, (random) => {
      const text = mutated(randomJson(random, 3), random)
      const { failed, value } = readCut(text, random)
      if (failed === undefined) return undefined
      const before = text.slice(0, failed.at)
      const shows = (prefix: string) => isDeepStrictEqual(value, valueOfPrefix(prefix))
      return shows(before) || shows(`${before} `) ? undefined : `${text}: ${failed.message}`
    })
  })

  test('read leniently gives what JSON.parse gives after the repair', () => {
    forSeeds(4000, (random) => {
      const text = mutated(randomJson(random, 3), random)
      const json = readCut(text, random, { lenient: true })
      if (json.closed !== isWholeJson(text)) return `${JSON.stringify(text)} is whole: ${isWholeJson(text)}`
      return difference(json, text, repairJson(text))
    })
  })

  test('tells the hook every value once, under the path where it is found', () => {
    forSeeds(500, (random) => {
      const text = randomJson(random)
      const paths: string[] = []
      const json = readCut(text, random, { onFieldEnd: (path) => paths.push(JSON.stringify(path)) })
      const missing = allPaths(json.value).filter((path) => !paths.includes(path))
      return missing.length === 0 && paths.at(-1) === '[]' ? undefined : `${text}: never heard of ${missing}`
    })
  })
})

/** The paths of all values inside a value, itself included, each as JSON. */
function allPaths(value: unknown, path: (string | number)[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(path)]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [JSON.stringify(path), ...entries.flatMap(([key, child]) => allPaths(child, [...path, key]))]
}
