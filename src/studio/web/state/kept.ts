// What a person chose, kept in this browser; a browser that keeps nothing forgets it and says nothing.
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`studio.${name}`)
  } catch {
    return null
  }
}

export function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`studio.${name}`)
    else localStorage.setItem(`studio.${name}`, value)
  } catch {
    // Private windows may refuse; the choice holds until the page is left.
  }
}
