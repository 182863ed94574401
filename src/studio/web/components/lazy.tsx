// A part of a page that is loaded when it is first shown.
import { type ComponentType, createElement, type FunctionComponent, type VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { LoadError } from './page.tsx'

export interface LazyOptions<Props> {
  /** Loading begins behind this. */
  after?: () => Promise<void>
  /** Keeps the part's place until it is there; nothing unless said. */
  place?: (props: Props) => VNode | null
}

/** When the part cannot be loaded, it says so in its place, and offers another try. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { after = () => Promise.resolve(), place = () => null }: LazyOptions<Props> = {},
): FunctionComponent<Props> {
  let loaded: ComponentType<Props> | undefined
  return function Lazy(props: Props) {
    const [, setCount] = useState(0)
    const [error, setError] = useState<Error>()
    const start = () => {
      setError(undefined)
      load().then((part) => {
        loaded = part
        setCount((count) => count + 1)
      }, setError)
    }
    useEffect(() => {
      if (loaded === undefined) after().then(start)
    }, [])
    if (error !== undefined) return <LoadError error={error} onRetry={start} />
    return loaded === undefined ? place(props) : createElement(loaded, props)
  }
}
