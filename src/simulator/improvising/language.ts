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
  something nothing welcome according because while after before during without within whether both either neither`.split(
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

/** `cities` and `city`, `weather` and `weathers`: the same word, near enough. */
export function stem(word: string): string {
  return word.length < 5 ? word.replace(/s$/, '') : word.replace(/(ies|ing|ed|es|s|y|e)$/, '')
}

/** Something that the text names, and where it stands. */
interface Thing {
  text: string
  at: number
}

const quoted = /"([^"\n]{1,80})"|“([^”\n]{1,80})”|「([^」\n]{1,80})」/g
const named = /\p{Lu}[\p{L}\p{N}'’-]*(?:[ ]\p{Lu}[\p{L}\p{N}'’-]*)*/gu

/** What stands in quotes, else what begins with a capital; words that only begin a sentence are none. */
export function thingsIn(text: string, except: readonly string[] = []): Thing[] {
  const inQuotes = [...text.matchAll(quoted)].map((match) => thing(match[1] ?? match[2] ?? match[3] ?? '', match.index))
  if (inQuotes.length > 0) return inQuotes
  const left = new Set(except.map((word) => word.toLowerCase()))
  const found: Thing[] = []
  for (const { 0: match, index } of text.matchAll(named)) {
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
  const things = thingsIn(text, except)
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

/** What it is about, in its own words: the first thing it names, else the weightiest words that follow each other. */
export function topicOf(text: string, except: readonly string[] = []): string {
  const [first] = thingsIn(text, except)
  if (first !== undefined) return first.text
  const left = new Set(except.map((word) => word.toLowerCase()))
  let best: string[] = []
  let run: string[] = []
  for (const token of text.match(/[\p{L}\p{N}'’-]+|[^\p{L}\p{N}\s]/gu) ?? []) {
    const counts = /[\p{L}\p{N}]/u.test(token) && !isFiller(token) && !left.has(token.toLowerCase())
    run = counts ? [...run, token].slice(-3) : []
    if (run.join('').length > best.join('').length) best = run
  }
  return best.join(' ')
}

export function isChinese(text: string): boolean {
  return (text.match(/\p{Script=Han}/gu)?.length ?? 0) > text.length / 4
}

/** Any text as a number: the same in every run. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  // The last characters reach all bits only through this.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 12)) >>> 0
}

export function pick<Value>(list: readonly Value[], seed: number): Value | undefined {
  return list[seed % list.length]
}
