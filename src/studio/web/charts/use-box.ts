// How wide and high an element is, kept up to date as the page changes.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface Box {
  width: number
  height: number
}

/** The box is 0 by 0 until the element is laid out. */
export function useBox<T extends Element>(): { ref: RefObject<T | null>; box: Box } {
  const ref = useRef<T>(null)
  const [box, setBox] = useState<Box>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    const read = () => setBox({ width: element.clientWidth, height: element.clientHeight })
    const observer = new ResizeObserver(read)
    observer.observe(element)
    read()
    return () => observer.disconnect()
  }, [])
  return { ref, box }
}
