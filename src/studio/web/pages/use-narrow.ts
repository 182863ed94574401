// Whether the page is as narrow as a phone: what stands side by side elsewhere is chosen by tabs then.
import { useEffect, useState } from 'preact/hooks'

/** The style sheets say the same. */
const narrow = '(max-width: 720px)'

export function useNarrow(): boolean {
  const [is, set] = useState(() => matchMedia(narrow).matches)
  useEffect(() => {
    const query = matchMedia(narrow)
    const change = () => set(query.matches)
    query.addEventListener('change', change)
    change()
    return () => query.removeEventListener('change', change)
  }, [])
  return is
}
