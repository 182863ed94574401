// Takes secrets out of what somebody else wrote.

/**
 * The forms in which secrets may come back: as they are, percent-encoded, escaped as in JSON (twice, where JSON text
 * stands inside JSON), or in Base64. Made once and handed to `redact`. Short values (under six characters) are left
 * alone: they are no keys, and replacing them would garble ordinary words.
 */
export function secretForms(secrets: readonly string[]): string[] {
  return [...new Set(secrets.filter((secret) => secret.length >= 6).flatMap(formsOf))]
}

function formsOf(secret: string): string[] {
  const base64 = base64Forms(secret)
  const base64Url = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
  // The longest first: a form that holds another must go whole.
  return [escaped(escaped(secret)), escaped(secret), secret, encodeURIComponent(secret), ...base64, ...base64Url]
}

/** Alone, and inside of something: what its characters are there depends on where among three bytes it begins. */
function base64Forms(secret: string): string[] {
  const bytes = String.fromCharCode(...new TextEncoder().encode(secret))
  const alone = btoa(bytes).replace(/=+$/, '')
  const inside = [0, 1, 2].map((before) => {
    // Characters that bytes around it share are left out.
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)]
    return btoa('\0'.repeat(before) + bytes).slice(from, to)
  })
  return [alone, ...inside.filter((form) => form.length >= 8)]
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Replaces every occurrence of each of the forms by `[redacted]`. */
export function redact(text: string, forms: readonly string[]): string {
  let clean = text
  for (const form of forms) clean = clean.replaceAll(form, '[redacted]')
  return clean
}

/**
 * The same for a value of plain JSON: itself when it holds no secret, else a clean copy. Whatever the secrets are, the
 * shape stays: text is cleaned inside strings and names, and a number that shows a secret becomes a string.
 */
export function redactJson<Value>(value: Value, forms: readonly string[]): Value {
  if (forms.length === 0 || value === undefined) return value
  const text = JSON.stringify(value)
  return forms.some((form) => text.includes(form)) ? (cleanCopy(value, forms) as Value) : value
}

function cleanCopy(value: unknown, forms: readonly string[]): unknown {
  if (typeof value === 'string') return redact(value, forms)
  if (typeof value === 'number') return redact(String(value), forms) === String(value) ? value : '[redacted]'
  if (Array.isArray(value)) return value.map((each) => cleanCopy(each, forms))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, each]) => [redact(name, forms), cleanCopy(each, forms)])
  return Object.fromEntries(entries)
}
