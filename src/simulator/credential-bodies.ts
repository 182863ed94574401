// Credentials in bodies that are forms: URL-encoded, or in parts.
import { secretNames } from '../core/secret-names.ts'
import { merged } from './cassette-pieces.ts'
import { type CredentialsFound, credentialFieldsIn } from './credential-fields.ts'

const pairs = /(?<=^|&)([^=&\s]+)=([^&\s]*)/g
const parts = /content-disposition:[^\r\n]*?\bname="?([^";\r\n]+)[\s\S]*?\r?\n\r?\n([\s\S]*?)(?=\r?\n--|$)/gi
const shapedLikeForm = /^[\w.%+[\]-]+=[^\s&]*(?:&[\w.%+[\]-]+=[^\s&]*)*$/
const formNames = /assertion|^code$/i

export function isForm(contentType: string | null): boolean {
  return /x-www-form-urlencoded/i.test(contentType ?? '')
}

/** All credentials of a whole body, by the names of its fields; one byte is one character. */
export function credentialsIn(text: string, contentType: string | null): CredentialsFound {
  const found = credentialFieldsIn(text, true)
  if (isForm(contentType) || shapedLikeForm.test(text)) addFields(found, text, pairs, decoded)
  else if (/multipart/i.test(contentType ?? '')) addFields(found, text, parts, utf8)
  return found
}

function addFields(found: CredentialsFound, text: string, fields: RegExp, read: (raw: string) => string): void {
  for (const { 0: all, 1: name = '', 2: value = '', index } of text.matchAll(fields)) {
    const plainName = read(name)
    if (value === '' || !(secretNames.test(plainName) || formNames.test(plainName))) continue
    const to = index + all.length
    found.spans.push({ from: to - value.length, to })
    found.secrets.push(read(value))
  }
  found.spans = merged(found.spans)
}

function decoded(raw: string): string {
  return new URLSearchParams(`x=${raw}`).get('x') ?? raw
}

function utf8(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8')
}
