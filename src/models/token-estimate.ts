// How many tokens a text is, as long as the provider has not counted: an estimate that is rather too high.

/**
 * One token for three characters of ASCII and for each other one; English has about four a token, code three, Chinese
 * one and a half tokens for two characters.
 */
export function estimatedTokens(text: string): number {
  let wide = 0
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) wide += 1
  return wide + (text.length - wide) / 3
}

/** The same for a prompt. Bytes of media are left out: providers count those in their own ways. */
export function estimatedPromptTokens(prompt: unknown): number {
  if (typeof prompt === 'string') return isBytes(prompt) ? 0 : estimatedTokens(prompt)
  if (typeof prompt !== 'object' || prompt === null) return 0
  return Object.values(prompt).reduce<number>((sum, each) => sum + estimatedPromptTokens(each), 1)
}

function isBytes(text: string): boolean {
  return text.startsWith('data:') || (text.length > 4096 && /^[\w+/=-]+$/.test(text.slice(0, 4096)))
}
