// A tool of an MCP server as one of ours.
import { type Fields, fieldsOf, isFields, textIn } from '../core/kind.ts'
import { type JsonSchema, type ReadSchema, readSchema } from '../schema/index.ts'
import type { Tool, ToolContext, ToolOutput } from './tool.ts'

/** What a server tells of a tool beside its schema. Hints, which a server that is not trusted may have made up. */
export interface McpToolInfo {
  /** As the server calls it. */
  readonly name: string
  /** `readOnlyHint`, `destructiveHint`, `idempotentHint`, `openWorldHint`, `title`. */
  readonly annotations: Readonly<Record<string, unknown>>
}

export interface McpToolOptions {
  /** Whether a person must allow each call; a function decides by the input and by which tool it is. Default false. */
  approval?: boolean | ((input: unknown, tool: McpToolInfo) => boolean | Promise<boolean>)
  /** Whether calls may run at the same time as others. Default: where the server says that the tool only reads. */
  concurrent?: boolean
  /**
   * After how many milliseconds a call counts as failed. Default: the SDK's minute, which begins anew whenever the server
   * reports progress. Over HTTP the platform's `fetch` gives up a stream on which nothing comes for five minutes.
   */
  timeoutMs?: number
}

/** Has the server carry out a call of one of its tools. */
export type McpCaller = (name: string, input: Fields, context: ToolContext) => Promise<ToolOutput>

/** A tool as it stands in the server's list; `undefined` for what has no name. */
export function toolInfo(listed: unknown): (McpToolInfo & { listed: Fields }) | undefined {
  if (!isFields(listed)) return undefined
  const name = textIn(listed['name'])
  if (name === undefined) return undefined
  return { name, annotations: isFields(listed['annotations']) ? listed['annotations'] : {}, listed }
}

/** `called` is the name that the model sees. */
export function mcpTool(
  { listed, ...info }: McpToolInfo & { listed: Fields },
  called: string,
  options: McpToolOptions,
  call: McpCaller,
): Tool {
  const { approval = false, concurrent = info.annotations['readOnlyHint'] === true, timeoutMs } = options
  const description = textIn(listed['description']) ?? textIn(listed['title']) ?? textIn(info.annotations['title'])
  const parameters = parametersOf(listed['inputSchema'])
  return {
    name: called,
    schema: { name: called, ...(description !== undefined && { description }), parameters },
    concurrent,
    timeoutMs,
    needsApproval: (input) => (typeof approval === 'function' ? approval(input, info) : approval),
    check: checkOf(parameters, info.name),
    run: (input, context) => call(info.name, fieldsOf(input), context),
  }
}

function parametersOf(inputSchema: unknown): JsonSchema {
  if (!isFields(inputSchema)) return { type: 'object' }
  const { $schema: _, ...schema } = inputSchema
  return { ...schema, type: 'object' }
}

/**
 * The server checks its input itself, so a schema that cannot be read (a `$ref` that leads nowhere shows only when it is
 * followed) is one warning and no more.
 */
function checkOf(parameters: JsonSchema, name: string): Tool['check'] {
  let schema: ReadSchema | undefined
  let isReadable = true
  return async (input = {}) => {
    try {
      schema ??= readSchema(parameters)
      if (isReadable) return await schema.check(input)
    } catch (error) {
      isReadable = false
      const [why] = String(error instanceof Error ? error.message : error).split('\n')
      process.emitWarning(`The input of the MCP tool ${name} is not checked here: ${why}`, 'AgentScopeWarning')
    }
    return { ok: true, value: input }
  }
}
