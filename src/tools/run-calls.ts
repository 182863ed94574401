// The calls of one turn: run in order or side by side, all answered, in one message of results.
import type { ToolResultBlock, ToolUseBlock } from '../core/message.ts'
import type { ToolCall } from '../core/tool.ts'
import type { Approval } from './approval.ts'
import { type Emit, ResultMessage, type ResultMessageOptions } from './result-message.ts'
import { runCall } from './run-call.ts'
import type { Tool } from './tool.ts'

export interface RunCallsOptions {
  /** The tool of that name; `undefined` for one that may not be called. */
  tool(name: string): Tool | undefined
  /** The names that may be called, for the answer to a wrong one. */
  known: readonly string[]
  /** Stops everything: tools get it as their own signal, and every call without a result gets one that says so. */
  signal: AbortSignal
  /** Asked before a call that needs it is run. Absent: such calls are denied. */
  approve?: (call: ToolCall, tool: Tool, signal: AbortSignal) => Promise<Approval>
  /** Hears the events; a promise asks to be waited for. */
  emit: Emit
  message: ResultMessageOptions
}

/**
 * Runs the calls of one turn and resolves to their results, in the order of the calls: the blocks of one message of role
 * `system`, whose events (`message-start` to `message-end`) go to `emit`. Neighbouring calls whose tools are `concurrent`
 * run at the same time, all others alone. Whatever goes wrong with a call is its result (`isError`, and
 * `metadata.state`, a `FailureState`): arguments that are not proved whole or do not fit the schema, an unknown name, a
 * denial, a throw, the tool's time limit, the signal. A tool that does not heed its signal is left behind after 50 ms.
 * `metadata.durationMs` says how long a tool ran. AgentScope: `ServiceToolkit.parse_and_call_func`.
 *
 * Rejects only when `emit` fails, with what it threw, after the tools were told to stop.
 */
export async function runCalls(
  calls: readonly ToolUseBlock[],
  { tool, known, signal, approve, emit, message }: RunCallsOptions,
): Promise<ToolResultBlock[]> {
  const stop = new AbortController()
  const forward = () => stop.abort(signal.reason)
  if (signal.aborted) forward()
  else signal.addEventListener('abort', forward, { once: true })
  try {
    const written = new ResultMessage(message, emit, () => stop.abort())
    const results: ToolResultBlock[] = []
    for (const group of groupsOf(calls, tool)) {
      const open = group.map((call) => ({ call, result: written.open(call) }))
      const running = open.map(({ call, result }) =>
        runCall(call, result, { tool: tool(call.name), known, signal: stop.signal, approve }),
      )
      results.push(...(await Promise.all(running)))
    }
    const isCut = results.some(({ metadata }) => metadata?.['state'] === 'interrupted')
    await written.end(isCut ? { reason: 'aborted', complete: false } : { reason: 'stop', complete: true })
    return results
  } finally {
    signal.removeEventListener('abort', forward)
  }
}

/** Calls that may run at the same time stand in one group. One that cannot run at all is in nobody's way. */
function groupsOf(calls: readonly ToolUseBlock[], tool: RunCallsOptions['tool']): ToolUseBlock[][] {
  const groups: ToolUseBlock[][] = []
  let isShared = false
  for (const call of calls) {
    const mayShare = tool(call.name)?.concurrent ?? true
    const last = groups.at(-1)
    if (last !== undefined && isShared && mayShare) last.push(call)
    else groups.push([call])
    isShared = mayShare
  }
  return groups
}
