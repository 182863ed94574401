// The terminal: the public names of this folder.
export type { AlarmOptions, TerminalClock } from './clock.ts'
export type { OutputStream } from './output.ts'
export type { PacingOptions } from './pacer.ts'
export { type Terminal, type TerminalOptions, terminal } from './terminal.ts'
