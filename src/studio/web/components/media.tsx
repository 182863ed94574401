// Pictures, sounds and files: named, and loaded only when somebody asks, and never from elsewhere.
import { useState } from 'preact/hooks'
import { isFields } from '../../../core/kind.ts'
import { safeAddress } from '../hot/safe-link.ts'
import { words } from '../pages/run.words.ts'
import { Button } from './button.tsx'
import { JsonTree } from './json-tree.tsx'

type Kind = 'image' | 'audio' | 'video' | 'file'

export function Media({ block }: { block: unknown }) {
  if (!isFields(block)) return null
  const kind = (['image', 'audio', 'video', 'file'] as const).find((each) => each === block['type'])
  if (kind === undefined) {
    return (
      <details class="tool">
        <summary>{words().raw}</summary>
        <JsonTree value={block} />
      </details>
    )
  }
  return <MediaCard kind={kind} url={String(block['url'] ?? '')} about={String(block['mimeType'] ?? '')} />
}

function MediaCard({ kind, url, about }: { kind: Kind; url: string; about: string }) {
  const [shown, setShown] = useState(false)
  // Ours are `/blob/<hash>`; nothing else is ever fetched.
  const isOurs = url.startsWith('/blob/')
  const address = isOurs ? undefined : safeAddress(url)
  return (
    <figure class="media">
      <figcaption class="row">
        <strong>{words().media[kind]}</strong> <span class="faint">{about}</span>
        <span class="grow" />
        {isOurs && !shown && (
          <Button small onClick={() => setShown(true)}>
            {words().showMedia}
          </Button>
        )}
        {address !== undefined && (
          <a class="button small" href={address.href} target="_blank" rel="noopener noreferrer nofollow">
            {words().openLink}
          </a>
        )}
      </figcaption>
      {address !== undefined && <p class="hint">{words().mediaElsewhere(address.host)}</p>}
      {!isOurs && address === undefined && <p class="hint mono ellipsis">{url.slice(0, 200)}</p>}
      {shown && <Loaded kind={kind} url={url} />}
    </figure>
  )
}

function Loaded({ kind, url }: { kind: Kind; url: string }) {
  if (kind === 'image') return <img src={url} alt={words().media.image} />
  if (kind === 'file') {
    return (
      <a class="button small" href={url} download="">
        {words().openLink}
      </a>
    )
  }
  // biome-ignore lint/a11y/useMediaCaption: what a model made has no captions.
  return kind === 'audio' ? <audio src={url} controls /> : <video src={url} controls />
}
