// Media in the history, above all in what tools gave: shown where the wire can carry them, told in words where it cannot, and never refused.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Msg, textOf } from '../../src/core/message.ts'
import { mcpServer } from '../../src/tools/mcp.ts'
import { type Tool, tool } from '../../src/tools/tool.ts'
import { acting, question } from '../agents/acting.ts'
import { type Wire, wires } from '../suites/wrappers.ts'
import { stdioServer, toolOf } from '../tools/mcp/calling.ts'

const server = mcpServer(stdioServer)
let recording: Tool
beforeAll(async () => {
  recording = await toolOf(server, 'recording')
})
afterAll(() => server.close())

/** The words in which a request tells of what it does not show, and whether it shows anything. */
async function requestAfter(
  wire: Wire,
  made: Tool,
): Promise<{ missing: string[]; body: string; answer: string | null }> {
  const model = [{ toolCalls: [{ name: made.name }] }, { text: 'I see.' }, { text: 'Still here.' }]
  await using run = await acting(model, { wire, toolkit: [made] })
  await run.agent.call(question)
  const answer = textOf(await run.agent.call(new Msg('Ann', 'And?', 'user')))
  const body = JSON.stringify(run.simulated.requests.at(-1)?.body)
  expect(run.simulated.requests.map(({ status }) => status)).toEqual([200, 200, 200])
  return { missing: [...body.matchAll(/\[Not shown: (\w+)/g)].map(([, type]) => type ?? ''), body, answer }
}

test.each(wires)('what a user sent and was refused does not break what is said next: %s', async (wire) => {
  await using run = await acting({ text: 'Hello!' }, { wire })
  const gone = new Msg('Ann', [{ type: 'image', url: './no-such-picture.png' }], 'user')
  await expect(run.agent.call(gone)).rejects.toThrow('no-such-picture.png')
  expect(textOf(await run.agent.call(question))).toBe('Hello!')
  expect(JSON.stringify(run.simulated.requests.at(-1)?.body)).toContain('[Not shown: image ./no-such-picture.png')
})

describe('media in the result of a tool', () => {
  test.each<[Wire, string[]]>([
    ['openai', ['video', 'file']],
    ['dashscope', ['file', 'file']],
    ['gemini', ['file']],
    ['zhipuai', ['file', 'file']],
    ['ollama', ['audio', 'video', 'file', 'file']],
    ['litellm', ['video', 'file']],
    ['anthropic', ['audio', 'video', 'file']],
  ])('an MCP server’s sound, film, PDF and bytes do not break the conversation: %s', async (wire, missing) => {
    const sent = await requestAfter(wire, recording)
    expect(sent.answer).toBe('Still here.')
    expect(sent.missing).toEqual(missing)
  })

  test.each(wires)('a file that is not there, and an address that is none, are told in words: %s', async (wire) => {
    const output = [
      { type: 'image', url: './no-such-chart.png' },
      { type: 'image', url: 'data:image/png;base64' },
      { type: 'text', text: 'Two charts.' },
    ]
    const draw = tool({ name: 'draw', description: 'Draws.', run: () => output })
    const { missing, body } = await requestAfter(wire, draw)
    expect(missing).toEqual(['image', 'image'])
    expect(body).toContain('./no-such-chart.png, because it cannot be read.')
    expect(body).toContain('Two charts.')
  })
})
