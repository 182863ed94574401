// The patterns that somebody has written, one a line, and the first line that cannot be one. Studio checks them again.

export interface WrittenPatterns {
  patterns: string[]
  /** Lines count from 1. */
  wrong?: { line: number; text: string }
  isTooMany: boolean
}

export const mostPatterns = 50

/** Empty lines do not count. */
export function patternsIn(text: string): WrittenPatterns {
  const lines = text.split('\n').map((line, index) => ({ line: index + 1, text: line.trim() }))
  const written = lines.filter((line) => line.text !== '')
  const wrong = written.find((line) => !mayBe(line.text))
  const patterns = [...new Set(written.map((line) => line.text))]
  return { patterns, ...(wrong && { wrong }), isTooMany: patterns.length > mostPatterns }
}

function mayBe(pattern: string): boolean {
  const stars = pattern.split('*').length - 1
  return stars <= 3 && pattern.length <= 200 && pattern.replaceAll(/[*\s]/g, '').length >= 3
}
