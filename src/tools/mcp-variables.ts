// Environment variables in a configuration: `${NAME}`, and `${NAME:-text}` for when it is not set.
import { ConfigError } from '../core/error.ts'
import { isFields } from '../core/kind.ts'

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/**
 * The value with the variables of every string in it filled in. What is filled in is not read again.
 *
 * @throws ConfigError that names the variable and the place (`mcpServers.files.env.KEY`) when it is not set.
 */
export function expandVariables(
  value: unknown,
  place: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): unknown {
  if (typeof value === 'string') return expand(value, place, environment)
  if (Array.isArray(value)) return value.map((each, at) => expandVariables(each, `${place}[${at}]`, environment))
  if (!isFields(value)) return value
  const fields = Object.entries(value)
  return Object.fromEntries(
    fields.map(([name, each]) => [name, expandVariables(each, `${place}.${name}`, environment)]),
  )
}

function expand(text: string, place: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(variable, (_, name: string, otherwise?: string) => {
    const value = environment[name] ?? otherwise
    if (value !== undefined) return value
    throw new ConfigError(`${place} needs the environment variable ${name}, which is not set.`, {
      advice: `Set ${name}, or write \${${name}:-something} for a default.`,
    })
  })
}
