// The bar below a run that is played again: play, scrub, speed, and the way back.
import { Button } from '../components/button.tsx'
import { LoadError } from '../components/page.tsx'
import { ScrubBar } from '../components/scrub-bar.tsx'
import { formatDateTime } from '../i18n/format.ts'
import { placeText } from '../replay/place-words.ts'
import type { Replay } from '../replay/replay.ts'
import { speeds } from '../replay/replay-clock.ts'
import { shownAt } from '../replay/shown-at.ts'
import './run-replay.css'
import { replayWords as words } from './run-replay.words.ts'

export interface ReplayBarProps {
  replay: Replay
  /** The run goes on: what the replay leaves is its present. */
  isLive: boolean
  onClose: () => void
}

export function ReplayBar({ replay, isLive, onClose }: ReplayBarProps) {
  const error = replay.error.value
  return (
    <section class="replay" aria-label={words().bar}>
      {error !== undefined ? (
        <LoadError error={error} onRetry={() => replay.start()} />
      ) : replay.ready.value ? (
        <Controls replay={replay} />
      ) : (
        <p class="hint" role="status">
          {words().loading}
        </p>
      )}
      <Button small kind="quiet" icon="close" onClick={onClose}>
        <span class="replay-leave">{isLive ? words().live : words().close}</span>
      </Button>
    </section>
  )
}

function Controls({ replay }: { replay: Replay }) {
  const { place, length, playing, speed, pause } = replay.state.value
  const isOver = place >= length && !playing
  const [at, all] = [placeText(place), placeText(length)]
  return (
    <>
      {pause !== undefined && <p class="replay-note">{words().shortened(pause.realMs)}</p>}
      <Button
        kind="primary"
        icon={playing ? 'pause' : isOver ? 'replay' : 'play'}
        title={playing ? words().pause : isOver ? words().again : words().play}
        onClick={() => (playing ? replay.pause() : replay.play())}
      />
      <span class="replay-place numbers" title={formatDateTime(shownAt.value)}>
        {at} <span class="faint">/ {all}</span>
      </span>
      <ScrubBar
        label={words().place}
        value={place}
        length={length}
        text={words().placeOf(at, all)}
        step={Math.max(1000, Math.min(5000, length / 50))}
        marks={replay.pacing.pauses.map(({ from }) => from)}
        onSeek={(to) => replay.seek(to)}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that nobody needs here. */}
      <div class="replay-speeds" role="group" aria-label={words().speed}>
        {speeds.map((each) => (
          <Button key={each} small kind="quiet" pressed={each === speed} onClick={() => replay.setSpeed(each)}>
            {words().times(each)}
          </Button>
        ))}
      </div>
      <Button small kind="quiet" icon="end" title={words().toEnd} onClick={() => replay.seek(length)} />
    </>
  )
}
