// Memory as a test may look at it, in a process that was not started with --expose-gc.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Megabytes in use when everything that can be freed has been. */
export function megabytesInUse(): number {
  for (let at = 0; at < 2; at += 1) collect()
  return megabytesHeld()
}

/** Megabytes held now, garbage included; `external` counts array buffers too. */
export function megabytesHeld(): number {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

/** How much more the last fifth of the samples holds than the fifth behind the warm-up. */
export function growth(memory: readonly number[]): number {
  const fifth = Math.floor(memory.length / 5)
  const least = (from: number) => Math.min(...memory.slice(from, from + fifth))
  return least(memory.length - fifth) - least(fifth)
}
