// Pieces of OpenAI's wire, for tests: short to write, and as servers send them.

type Fields = Record<string, unknown>

/** A chunk around one choice. */
export function chunk(choice: Fields, beside: Fields = {}): Fields {
  return { id: 'reply-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice], ...beside }
}

/** A chunk with this delta. */
export function delta(fields: Fields, beside: Fields = {}): Fields {
  return chunk({ index: 0, delta: fields, finish_reason: null }, beside)
}

export function say(content: unknown): Fields {
  return delta({ content })
}

export function finish(reason: string, beside: Fields = {}): Fields {
  return chunk({ index: 0, delta: {}, finish_reason: reason }, beside)
}

/** A piece of a tool call; the name and the arguments go into `function`, everything else stands beside it. */
export function call({ name, args, ...beside }: Fields): Fields {
  return {
    ...beside,
    function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
  }
}

/** A chunk with these pieces of tool calls. */
export function calls(...pieces: Fields[]): Fields {
  return delta({ tool_calls: pieces.map(call) })
}
