// Cuts a text into the pieces in which a model would say it.

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Cuts as a model's tokens would: at spaces, every few characters in long words, every second in Chinese. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let length = 0
  for (const { segment } of graphemes.segment(text)) {
    const isWide = (segment.codePointAt(0) ?? 0) >= 0x2e80
    if (length >= 8 || (length >= 2 && (isWide || segment.trim() === ''))) {
      pieces.push(piece)
      piece = ''
      length = 0
    }
    piece += segment
    length += 1
  }
  if (piece !== '') pieces.push(piece)
  return pieces
}
