// Tools: the public names of this folder.
export {
  type Approval,
  Approvals,
  type ApprovalsState,
  type Asks,
  askApproval,
  type Decision,
  readDecision,
} from './approval.ts'
export type { FailureState } from './failure.ts'
export { toolsInstruction } from './instruction.ts'
export {
  type AddToOptions,
  McpServer,
  type McpServerOptions,
  type McpToolkit,
  mcpServer,
} from './mcp.ts'
export {
  type McpServerEntry,
  type McpServersConfig,
  mcpServers,
} from './mcp-config.ts'
export type { McpStatus } from './mcp-session.ts'
export type {
  McpHttpConfig,
  McpServerConfig,
  McpStdioConfig,
} from './mcp-target.ts'
export type { McpToolInfo, McpToolOptions } from './mcp-tool.ts'
export type { McpToolListOptions } from './mcp-tool-list.ts'
export type { Emit, ResultMessageOptions } from './result-message.ts'
export { type RunCallsOptions, runCalls } from './run-calls.ts'
export { type Tool, type ToolContext, type ToolOptions, type ToolOutput, tool } from './tool.ts'
export { ToolError } from './tool-error.ts'
export type { GroupOptions } from './tool-groups.ts'
export {
  type AddOptions,
  type ClashPolicy,
  type ToolGroup,
  Toolkit,
  type ToolkitOptions,
  type ToolkitState,
} from './toolkit.ts'
