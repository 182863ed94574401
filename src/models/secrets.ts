// Which values of a wrapper's options must never be seen.
import { secretLooks, secretNames } from '../core/secret-names.ts'

/** The key, and what the user's own headers hold, as far as their names or their looks say that it is secret. */
export function secretsIn(options: { apiKey: string | undefined; headers: Record<string, string> }): string[] {
  const secrets = options.apiKey === undefined ? [] : [options.apiKey]
  for (const [name, value] of Object.entries(options.headers)) {
    if (secretNames.test(name)) secrets.push(value, ...value.split(' '))
    else if (secretLooks.test(value)) secrets.push(value)
  }
  return secrets
}

/** What looks secret by its name in options that no wrapper could be made from, however deep it stands. */
export function writtenSecrets(options: unknown, secret = false): string[] {
  if (typeof options === 'string') return secret ? [options, ...options.split(' ')] : []
  if (typeof options !== 'object' || options === null) return []
  return Object.entries(options).flatMap(([name, value]) => writtenSecrets(value, secretNames.test(name)))
}
