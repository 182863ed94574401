// What kind of text a property holds, by its name or its format, and where that stands in a conversation.

type Kind = [names: RegExp, find: (text: string) => string | undefined]

/** What a property is called says what belongs there. */
const kinds: readonly Kind[] = [
  [/e-?mail/, (text) => /[\w.+-]+@[\w-]+\.[\w.-]*\w/.exec(text)?.[0] ?? 'someone@example.com'],
  [/url|uri|link|website/, (text) => /https?:\/\/[^\s"'<>)]+/.exec(text)?.[0] ?? 'https://example.com/'],
  [/expression|formula|calculation|arithmetic/, arithmeticIn],
  [/file|path|folder|director/, (text) => /(?:[\w.-]*\/)?[\w./-]*\w\.\w{1,5}\b|(?:\.{0,2}\/)[\w./-]+/.exec(text)?.[0]],
  [/date|^day$|^when$/, (text) => /\d{4}-\d\d-\d\d/.exec(text)?.[0]],
  [/^time$|hour/, (text) => /\b\d{1,2}:\d\d\b/.exec(text)?.[0]],
  [/code|number|(^|_)id$|order|invoice|ticket/, (text) => /\b(?=[\w-]*\d)[A-Za-z][\w-]+\b|#?\b\d+\b/.exec(text)?.[0]],
]

/** Where a sentence belongs, not the name of a thing. */
const prose =
  /text|message|content|response|answer|reply|speak|speech|say|comment|summary|query|question|prompt|thought|reason|why|explan|descri|note|body|conclu|advice|plan|step|search|task|word|story|line/

export const formats: Record<string, string> = {
  date: '2025-01-01',
  'date-time': '2025-01-01T09:00:00Z',
  time: '09:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000001',
  ipv4: '127.0.0.1',
  hostname: 'example.com',
}

function arithmeticIn(text: string): string | undefined {
  return /[\d(][\d\s.+*/^()%×÷-]*[\d)]/.exec(text)?.[0].trim()
}

/** What a text has of the kinds that a name, or a format, asks for. */
export function specialIn(text: string, name: string): (string | undefined)[] {
  return kinds.filter(([names]) => names.test(name)).map(([, find]) => find(text))
}

export function isProse(name: string): boolean {
  return prose.test(name)
}
