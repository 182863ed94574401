// Letters of a kind, as Unicode has them: Chromium draws `𝔸` and knows no attribute that makes one of an A.

/** Where capitals, small letters and digits of a kind begin. */
const kinds: Readonly<Record<string, readonly [capital: number, small: number, digit?: number]>> = {
  bold: [0x1d400, 0x1d41a, 0x1d7ce],
  italic: [0x1d434, 0x1d44e],
  'bold-italic': [0x1d468, 0x1d482],
  script: [0x1d49c, 0x1d4b6],
  fraktur: [0x1d504, 0x1d51e],
  'double-struck': [0x1d538, 0x1d552, 0x1d7d8],
  'sans-serif': [0x1d5a0, 0x1d5ba, 0x1d7e2],
  'bold-sans-serif': [0x1d5d4, 0x1d5ee, 0x1d7ec],
  'sans-serif-italic': [0x1d608, 0x1d622],
  'sans-serif-bold-italic': [0x1d63c, 0x1d656],
  monospace: [0x1d670, 0x1d68a, 0x1d7f6],
}
/** These stood in Unicode before the others came. */
const earlier: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  italic: { h: 'ℎ' },
  script: { B: 'ℬ', E: 'ℰ', F: 'ℱ', H: 'ℋ', I: 'ℐ', L: 'ℒ', M: 'ℳ', R: 'ℛ', e: 'ℯ', g: 'ℊ', o: 'ℴ' },
  fraktur: { C: 'ℭ', H: 'ℌ', I: 'ℑ', R: 'ℜ', Z: 'ℨ' },
  'double-struck': { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' },
}

export function lettersOf(text: string, kind: string): string {
  return Object.hasOwn(kinds, kind) ? text.replace(/[A-Za-z\d]/g, (letter) => letterOf(letter, kind)) : text
}

function letterOf(letter: string, kind: string): string {
  const [capital, small, digit] = kinds[kind]!
  const known = earlier[kind]?.[letter]
  if (known !== undefined) return known
  const code = letter.charCodeAt(0)
  if (code >= 97) return String.fromCodePoint(small + code - 97)
  if (code >= 65) return String.fromCodePoint(capital + code - 65)
  return digit === undefined ? letter : String.fromCodePoint(digit + code - 48)
}
