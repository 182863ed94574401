// The first half of a character that takes two UTF-16 units.
export function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
