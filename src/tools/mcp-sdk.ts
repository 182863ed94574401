// Loads @modelcontextprotocol/sdk when an MCP server is used for the first time; nobody else has to install it.
import { ConfigError } from '../core/error.ts'

/**
 * The module that `load` imports from the SDK.
 *
 * @throws ConfigError when the package is not installed.
 */
export async function fromSdk<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new ConfigError('MCP servers need the package @modelcontextprotocol/sdk, which is not installed.', {
      advice: 'npm install @modelcontextprotocol/sdk',
      cause,
    })
  }
}

function isMissing(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return String(code).endsWith('MODULE_NOT_FOUND') && String(message).includes('@modelcontextprotocol')
}
