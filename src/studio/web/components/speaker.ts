// A colour for a name: the same in every view of a run and after a reload.

/** `agents`: those of the run in the order in which they came, so that neighbours differ. */
export function speakerColor(name: string, agents: readonly string[] = []): string {
  const place = agents.indexOf(name)
  if (place >= 0) return `var(--c${(place % 6) + 1})`
  let hash = 7
  for (let index = 0; index < name.length; index += 1) hash = (hash * 31 + name.charCodeAt(index)) >>> 0
  return `var(--c${(hash % 6) + 1})`
}
