// The rows of those who speak at the same time, as many as the screen has room for.
import type { Lane } from './lane.ts'
import { fitStart } from './width.ts'

export interface ScreenSize {
  columns: number
  rows: number
}

/** The last column stays free, because a terminal wraps behind it; one row is for the text that flows, one is spare. */
export function rowsOf(lanes: readonly Lane[], { columns, rows }: ScreenSize): string[] {
  const room = Math.max(1, rows - 2)
  const width = Math.max(1, columns - 1)
  const shown = lanes.length > room ? lanes.slice(0, room - 1) : lanes
  const longestName = Math.max(0, ...shown.map(({ nameWidth }) => nameWidth))
  const nameColumns = Math.min(longestName, Math.max(1, Math.floor(width / 3)))
  const drawn = shown.map((lane) => lane.row(width, nameColumns))
  const more = lanes.length - shown.length
  return more > 0 ? [...drawn, fitStart(`+${more} more`, width)] : drawn
}
