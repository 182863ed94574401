// The system's word for why a request got no answer (`ECONNREFUSED`), looked for along an error's causes.
import { isFields } from '../core/kind.ts'

/** The first code among an error and its causes, else its name; never its message, which may hold an address. */
export function networkCode(error: unknown): string {
  for (let each = error, depth = 0; isFields(each) && depth < 5; each = each['cause'], depth += 1) {
    if (typeof each['code'] === 'string') return each['code']
    // What `fetch` says of ports that it never calls; this one has no code.
    if (each['message'] === 'bad port') return 'a port that is never called'
  }
  return error instanceof Error ? error.name : 'unknown'
}
