// The terminal: the public names of this folder.
export { colorOf } from './style.ts'
export { type Terminal, type TerminalOptions, terminal } from './terminal.ts'
