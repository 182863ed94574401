// CRC-32 of text, against the platform's own, cut anywhere.
import { crc32 as ofBytes } from 'node:zlib'
import { expect, test } from 'vitest'
import { Crc32, crc32 } from '../../src/studio/protocol/crc.ts'

test.each(['', 'a', 'The quick brown fox', 'é雨😀👩‍👩‍👧', '\ud83d', '\ude00a', 'x\ud83dy', '\ud83d\ud83d\ude00'])(
  'of %j is the one of its UTF-8 bytes',
  (text) => {
    expect(crc32(text)).toBe(ofBytes(Buffer.from(text, 'utf8')))
    const crc = new Crc32()
    for (const unit of text.split('')) crc.add(unit)
    expect(crc.value).toBe(crc32(text))
  },
)
