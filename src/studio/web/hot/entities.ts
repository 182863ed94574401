// Named character references in text: the few that models write, decoded without a parser of HTML.

/** The lexer decodes numbered references itself and leaves the named ones to whoever shows them. */
const named: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  bull: '•',
  cent: '¢',
  copy: '©',
  deg: '°',
  divide: '÷',
  emsp: '\u2003',
  ensp: '\u2002',
  euro: '€',
  ge: '≥',
  gt: '>',
  hellip: '…',
  infin: '∞',
  larr: '←',
  laquo: '«',
  ldquo: '“',
  le: '≤',
  lsquo: '‘',
  lt: '<',
  mdash: '—',
  micro: 'µ',
  middot: '·',
  minus: '−',
  nbsp: '\u00a0',
  ndash: '–',
  ne: '≠',
  para: '¶',
  plusmn: '±',
  pound: '£',
  quot: '"',
  raquo: '»',
  rarr: '→',
  rdquo: '”',
  reg: '®',
  rsquo: '’',
  sect: '§',
  thinsp: '\u2009',
  times: '×',
  trade: '™',
  yen: '¥',
}

/** What is not in the table stays as it was written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([a-z]{2,8});/gi, (whole, name: string) => (Object.hasOwn(named, name) ? named[name]! : whole))
}
