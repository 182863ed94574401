// `agentscope chat`: talk to one model.
import { parseArgs } from 'node:util'
import { type Command, UsageError } from './command.ts'
import { openModel } from './open-model.ts'
import { talk } from './talk.ts'

const help = `Usage: agentscope chat --model <provider/model> [options]

Talks to one model in the terminal. Ctrl-C stops a reply; "exit" or Ctrl-D ends the conversation.
In a pipe every line is one message.

  -m, --model <provider/model>  openai/..., dashscope/..., gemini/..., zhipuai/..., ollama/..., anthropic/...,
                                any prefix that LiteLLM knows (deepseek/..., groq/..., litellm_proxy/...),
                                or simulator/<wire> to try it without a key
  -s, --system <text>           the system prompt
      --name <name>             what the agent is called (default: Assistant)
      --base-url <url>          another address that speaks the provider's wire
      --no-stream               wait for whole replies

Keys are read from the environment (OPENAI_API_KEY, DASHSCOPE_API_KEY, GOOGLE_API_KEY, ...).`

export const chat: Command = {
  name: 'chat',
  summary: 'talk to a model: agentscope chat --model ollama/llama3.2',
  help,
  async run(given) {
    const { values } = parseArgs({
      args: given,
      options: {
        model: { type: 'string', short: 'm' },
        system: { type: 'string', short: 's' },
        name: { type: 'string', default: 'Assistant' },
        'base-url': { type: 'string' },
        'no-stream': { type: 'boolean', default: false },
      },
    })
    if (!values.model) throw new UsageError('Which model? Give --model <provider/model>, for example ollama/llama3.2.')
    const { model, close } = await openModel(values.model, {
      stream: !values['no-stream'],
      ...(values['base-url'] !== undefined && { baseUrl: values['base-url'] }),
    })
    const sysPrompt = values.system
    try {
      return await talk({ model, name: values.name, ...(sysPrompt !== undefined && { sysPrompt }) })
    } finally {
      await close()
    }
  },
}
