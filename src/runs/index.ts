// A run on disk: its directory, what was said, what happened, and what the models were asked.
export { openRun, type Run, type RunOptions } from './run.ts'
