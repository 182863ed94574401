// Takes secrets out of what somebody else wrote.

/**
 * Replaces every occurrence of each secret by `[redacted]`, also percent-encoded, escaped as in JSON, or in Base64. Short values (under six
 * characters) are left alone: they are no keys, and replacing them would garble ordinary words.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (secret.length < 6) continue
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, '[redacted]')
  }
  return clean
}

function formsOf(secret: string): Set<string> {
  const bytes = new TextEncoder().encode(secret)
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
  return new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64])
}

/** The same for a value of plain JSON: itself when it holds no secret, else a clean copy. */
export function redactJson<Value>(value: Value, secrets: readonly string[]): Value {
  const text = JSON.stringify(value)
  const clean = redact(text, secrets)
  return clean === text ? value : JSON.parse(clean)
}
