// How option names are spelled: in camelCase or snake_case, and nearly right ("Did you mean ...?").

/** `client_args` to `clientArgs`; `baseURL` to `baseUrl`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/URL$/, 'Url')
}

/** The nearest of `known`, when it is near enough to be what was meant. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(plain(written), plain(candidate))
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** ` Did you mean "x"?`, with the space before it, or nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const word = nearest(written, known)
  return word === undefined ? '' : ` Did you mean "${word}"?`
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-/]/g, '')
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
