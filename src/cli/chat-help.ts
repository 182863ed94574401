// What `agentscope chat --help` says.

export const chatHelp = `Usage: agentscope chat [options]

Talks to a model. Without --model a terminal shows what can be used here and
asks; a pipe takes the first that can be used. In a pipe every line is one
message, and the exit code is 1 when a reply failed.

Model
  -m, --model <provider/model>  openai/..., dashscope/..., gemini/...,
                                zhipuai/..., ollama/..., anthropic/...,
                                any prefix of LiteLLM's (deepseek/..., groq/...,
                                litellm_proxy/...), simulator/<wire> to try it
                                without a key, or a name from --config
      --simulated               the same as --model simulator/openai
      --config <models.json>    model configurations, as init() takes them
      --base-url <url>          another address that speaks the provider's wire
      --no-stream               wait for whole replies; a configuration says
                                that itself

Agent
      --name <name>             what it is called (default: Assistant)
  -s, --system <text>           the system prompt
      --system-file <file>      the same from a file
      --tools <file>            a .ts or .js module that exports tools: one made
                                with tool(), a list of them, or a Toolkit; may
                                be given more than once
      --mcp <file>              MCP servers: { "mcpServers": { "<name>":
                                { "command": "...", "args": [] } } }. Their
                                tools ask before they run, unless the server
                                says that they only read
      --allow-tools             no tool asks before it runs
      --max-iters <number>      how often it may ask its model in one reply
                                (default: 10)

Conversation
      --resume <file>           go on with what /save wrote
      --save-dir <folder>       keep a record of the run there
      --pacing                  show text at an even pace
      --studio [url]            show it in Studio too, and be answered from there:
                                in the one at that address, or a new one

In the chat /help lists the commands (/model, /tools, /usage, /save, ...).
While a reply is being given, /stop or Ctrl-C stops it, and any other line is a
word to the agent. Ctrl-C twice, or at the prompt, leaves; so do "exit" and
Ctrl-D.

Keys are read from the environment (OPENAI_API_KEY, DASHSCOPE_API_KEY, ...).
What was typed is kept for the cursor keys in
$XDG_STATE_HOME/agentscope/history (~/.local/state/agentscope/history).`
