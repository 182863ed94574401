// Secrets that stand in the environment: what looks like one by its name.

const names = /(?:api_?key|access_?key|secret|token|password|passwd|credentials?)s?$/i

/** Values of variables such as OPENAI_API_KEY; short ones are no keys. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= 8 && names.test(name) ? [value] : [],
  )
}
