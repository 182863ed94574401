// `/tools`: the toolkit of the agent in words, and its groups switched on and off.
import { cleanLine } from '../terminal/sanitize.ts'
import type { Toolkit } from '../tools/index.ts'
import { UsageError } from './command.ts'

/** Longer descriptions are for the model. */
const longest = 100

export function toolsText(kit: Toolkit): string {
  const { groups } = kit
  const grouped = new Set(groups.flatMap(({ tools }) => tools))
  const free = kit.names.filter((name) => !grouped.has(name))
  const lines = free.map((name) => lineOf(kit, name))
  for (const { name, description, active, tools } of groups) {
    const about = description === '' ? '' : `: ${cleanLine(description)}`
    lines.push(`${cleanLine(name)} (${active ? 'on' : 'off'})${about}`)
    for (const tool of tools) lines.push(`  ${lineOf(kit, tool)}`)
  }
  return lines.length === 0
    ? 'There are no tools. Start the chat with --tools <file> or --mcp <file>.'
    : lines.join('\n')
}

/** `on <group>` or `off <group>`. @throws UsageError for other words; ConfigError for a group that there is not. */
export function switchTools(kit: Toolkit, words: string): string {
  const [, how, group] = /^(on|off)\s+(\S[\s\S]*)$/.exec(words) ?? []
  if (how === undefined || group === undefined) throw new UsageError('Write /tools on <group> or /tools off <group>.')
  if (how === 'on') kit.activate(group)
  else kit.deactivate(group)
  return toolsText(kit)
}

function lineOf(kit: Toolkit, name: string): string {
  const description = cleanLine(kit.get(name)?.schema.description ?? '').trim()
  const about = description.length > longest ? `${description.slice(0, longest).toWellFormed()}…` : description
  return about === '' ? `  ${cleanLine(name)}` : `  ${cleanLine(name)}: ${about}`
}
