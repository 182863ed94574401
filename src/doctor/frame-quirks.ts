// What the lines of a streamed body show, whatever stands in them: line ends, comments, odd fields, the last line.
import type { Note } from './quirk.ts'

/** Looks at the whole body of a reply as it came. */
export function frameQuirks(bytes: Uint8Array, framing: 'sse' | 'ndjson', note: Note): void {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) note('byte-order-mark')
  const text = new TextDecoder().decode(bytes)
  if (text.includes('\r\n')) note('crlf')
  if (/\r(?!\n)./s.test(text)) note('bare-cr')
  const lines = text.split(/\r\n|\r|\n/)
  const isTerminated = framing === 'sse' ? /(\r\n|\r|\n){2}$/.test(text) : /[\r\n]$/.test(text)
  if (text.trim() !== '' && !isTerminated) note('unterminated')
  if (framing === 'ndjson') {
    if (lines.slice(0, -1).includes('')) note('blank-lines')
  } else for (const [at, line] of lines.entries()) sseLine(line, lines[at - 1] ?? '', note)
}

function sseLine(line: string, before: string, note: Note): void {
  if (line === '') return
  // DashScope writes the HTTP status into a comment.
  if (line.startsWith(':')) return line.startsWith(':HTTP_STATUS') ? undefined : note('comments')
  if (/^data(:|$)/.test(line)) {
    if (/^data:[^ ]/.test(line)) note('no-space')
    if (/^data(:|$)/.test(before)) note('split-data')
  } else if (/^(id|retry)(:|$)/.test(line)) note('id-lines')
  else if (/^event(:|$)/.test(line)) note('event-lines')
  else note('stray-lines')
}
