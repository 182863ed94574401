// What stands in a text: its words, the things it names, its numbers, and what it is about.

const openers = new Set(
  `a an the this that these those i you he she it we they my your his her its our their who whom whose what which when
  where why how is are was were be been being am do does did done has have had can could will would shall should may might
  must not no yes ok okay please hello hi hey thanks thank good let lets and or but so if then than as at by for from in
  into of on to up with about over under between out off per via me him them us there here now just also too very much
  many some any all each every only more most other another such own same say says said tell tells told give gives show
  shows find finds get gets make makes take takes use uses write writes read reads ask asks look looks know want wants
  need needs think thinks like come go goes went new today tomorrow yesterday first last one two call calls send sends
  compute calculate compare list name names describe explain answer answers again really quite speak speaks talk talks
  begin book plan pay order check count add put set open close start stop run every everybody somebody nobody anything
  something nothing mean see agree among sides usually forgotten takes patience care prove wrong heard sure made thing things
  changed case simplest far once welcome best better discuss vote whisper still night morning according because while after before during without within whether both either neither`.split(
    /\s+/,
  ),
)

/** Whether a word carries no meaning of its own. */
export function isFiller(word: string): boolean {
  return word.length < 2 || openers.has(word.toLowerCase())
}

/** Words in lower case, names of tools taken apart too: `getWeather_now` is three. */
export function wordsIn(text: string): string[] {
  const apart = text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  return (apart.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase())
}

/** `cities` and `city`, `calculate` and `calculator`: the same word, near enough. */
export function stem(word: string): string {
  return word.length < 5 ? word.replace(/s$/, '') : word.replace(/(ies|ing|ed|es|s|y|e)$/, '').slice(0, 6)
}

/** Something that the text names, and where it stands. */
interface Thing {
  text: string
  at: number
}

const quoted = /"([^"\n]{1,80})"|“([^”\n]{1,80})”|「([^」\n]{1,80})」/g
const named = /\p{Lu}[\p{L}\p{N}'’-]*(?:[ ]\p{Lu}[\p{L}\p{N}'’-]*)*/gu

/** What stands in quotes, then what begins with a capital; words that only begin a sentence are none. */
export function thingsIn(text: string, except: readonly string[] = []): Thing[] {
  const inQuotes = [...text.matchAll(quoted)].map((match) => thing(match[1] ?? match[2] ?? match[3] ?? '', match.index))
  const rest = text.replace(quoted, (match) => ' '.repeat(match.length))
  const left = new Set(except.map((word) => word.toLowerCase()))
  const found = [...inQuotes]
  for (const { 0: match, index } of rest.matchAll(named)) {
    const words = match.split(' ')
    const skipped = words.findIndex((word) => !isFiller(word) && !left.has(word.toLowerCase()))
    if (skipped < 0) continue
    const kept = words.slice(skipped).join(' ')
    if (!left.has(kept.toLowerCase())) found.push(thing(kept, index + match.length - kept.length))
  }
  return found
}

function thing(text: string, at: number): Thing {
  return { text: text.replace(/['’]s$/, ''), at }
}

/** Things that are told in one breath ("Rome, Oslo and Paris"); none when there are not two. */
export function listedIn(text: string, except: readonly string[] = []): string[] {
  const things = thingsIn(text, except).sort((one, other) => one.at - other.at)
  let longest: Thing[] = []
  let run: Thing[] = []
  for (const each of things) {
    const last = run.at(-1)
    const between = last === undefined ? '' : text.slice(text.indexOf(last.text, last.at) + last.text.length, each.at)
    run =
      last !== undefined && /^["”」]?\s*(,|&|\+)?\s*(and|or|und|y|et|vs\.?)?\s*["“「]?\s*$/.test(between)
        ? [...run, each]
        : [each]
    if (run.length > longest.length) longest = run
  }
  return longest.length < 2 ? [] : [...new Set(longest.map((each) => each.text))]
}

export function numbersIn(text: string): number[] {
  return (text.match(/(?<![\p{L}\d])-?\d+(?:\.\d+)?/gu) ?? []).map(Number)
}

/**
 * What it is about, in its own words: of the words that follow each other, those that the whole conversation keeps coming
 * back to, and of these the weightiest.
 */
export function topicOf(text: string, except: readonly string[] = [], conversation = text): string {
  const left = new Set(except.map((word) => word.toLowerCase()))
  const often = new Map<string, number>()
  for (const word of wordsIn(conversation)) often.set(word, (often.get(word) ?? 0) + 1)
  let best = { words: [] as string[], weight: 0 }
  let words: string[] = []
  // Whoever is spoken to ("..., Ann, ...") is not what is spoken of.
  const rest = text.replace(/, \p{Lu}[\p{L}]+(?=[,.:;?!])/gu, ',')
  for (const token of rest.match(/[\p{L}\p{N}'’-]+|[^\p{L}\p{N}\s]/gu) ?? []) {
    const counts = /\p{L}/u.test(token) && !isFiller(token) && !left.has(token.toLowerCase())
    words = counts ? [...words, token].slice(-3) : []
    const weight = weightOf(words, often)
    if (weight > best.weight) best = { words, weight }
  }
  // What has a capital only because it began a sentence loses it.
  return best.words
    .map((word) => (conversation.includes(` ${word.toLowerCase()}`) ? word.toLowerCase() : word))
    .join(' ')
}

function weightOf(words: readonly string[], often: ReadonlyMap<string, number>): number {
  if (words.length === 0) return 0
  const mean = words.reduce((sum, word) => sum + (often.get(word.toLowerCase()) ?? 1), 0) / words.length
  const named = words.some((word) => /^\p{Lu}/u.test(word)) ? 20 : 0
  return mean * 100 + named + words.join('').length
}

export function isChinese(text: string): boolean {
  return (text.match(/\p{Script=Han}/gu)?.length ?? 0) > text.length / 4
}

/** Any words as a number: the same in every run. */
export function seedFor(...words: readonly (string | undefined)[]): number {
  const text = words.join('\n')
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  // The last characters reach all bits only through this.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 12)) >>> 0
}

export function pick<Value>(list: readonly Value[], seed: number): Value | undefined {
  return list[seed % list.length]
}
