// Tools: the public names of this folder.
export {
  type Approval,
  Approvals,
  type ApprovalsState,
  askApproval,
  type Decision,
  readDecision,
} from './approval.ts'
export type { FailureState } from './failure.ts'
export { toolsInstruction } from './instruction.ts'
export {
  McpServer,
  McpServer,
  type McpServerOptions,
  type McpServerOptions,
  type McpStatus,
  type McpStatus,
  type McpToolkit,
  type McpToolkit,
  mcpServer,
  mcpServer,
} from './mcp.ts'
export {
  type McpServerEntry,
  type McpServerEntry,
  type McpServersConfig,
  type McpServersConfig,
  mcpServers,
  mcpServers,
} from './mcp-config.ts'
export type {
  McpHttpConfig,
  McpHttpConfig,
  McpServerConfig,
  McpServerConfig,
  McpStdioConfig,
  McpStdioConfig,
} from './mcp-target.ts'
export type { McpToolInfo } from './mcp-tool.ts'
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
