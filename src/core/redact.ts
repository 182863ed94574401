// Takes secrets out of what somebody else wrote.

/**
 * Replaces every occurrence of each secret by `[redacted]`, also in its percent-encoded form. Short values (under six
 * characters) are left alone: they are no keys, and replacing them would garble ordinary words.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (secret.length < 6) continue
    clean = clean.replaceAll(secret, '[redacted]').replaceAll(encodeURIComponent(secret), '[redacted]')
  }
  return clean
}

/** The same for a value of plain JSON: itself when it holds no secret, else a clean copy. */
export function redactJson<Value>(value: Value, secrets: readonly string[]): Value {
  const text = JSON.stringify(value)
  const clean = redact(text, secrets)
  return clean === text ? value : JSON.parse(clean)
}
