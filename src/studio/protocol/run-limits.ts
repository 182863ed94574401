// How much of one run is held to be shown. What goes beyond stays in its journal, and the run says that it is left out.

export interface RunLimits {
  /** Messages, their parts, notices and questions together. Default 100,000. */
  parts?: number
  /** Spans, of all traces of the run together. Default 50,000. */
  spans?: number
}

/** Of one message that is being said, and of all names of agents in one run. */
export const mostBlocks = 10_000
export const mostAgents = 1_000
/** Of messages that are being said at once, and of questions that wait. */
export const mostOpen = 10_000

/** What a run says once when it has reached a limit. Its `details` name the limit for programs. */
export function limitNotice(what: keyof Required<RunLimits>, limit: number) {
  const said = `This run has more than ${limit} ${what}: those that came later are kept in its journal and not shown.`
  return { text: `${said} Export the run to have all of them.`, details: { limit: what, most: limit } }
}
