// Lesson 7: stop an agent, say a word in between, and let it wait for your permission, even until another day.
import { AbortedError, DialogAgent, init, Msg, OpenAIChatWrapper, ReActAgent, textOf, tool } from 'agentscope'

await init()
const model = new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true })
const you = (text: string) => new Msg('You', text, 'user')

// 1. Stop. `interrupt()` closes the provider's connection at once; what was said until then stays, honestly marked.
const counter = new DialogAgent({ name: 'Counter', sysPrompt: 'You are Counter.', model })
try {
  for await (const event of counter.stream(you('Count to 200.'))) {
    if (event.type === 'text-delta' && event.delta.includes('12')) counter.interrupt('that is enough')
  }
} catch (error) {
  if (!(error instanceof AbortedError)) throw error
  console.log(`[${error.message} Complete: ${counter.memory?.get().at(-1)?.ending?.complete}]\n`)
}
// An AbortSignal does the same from outside: a deadline, a closed window. So does leaving the loop over `stream()`.
const late = await counter.call(you('Hello?'), { signal: AbortSignal.abort() }).catch((error: unknown) => error)
console.log(`[with a signal that has fired: ${late instanceof AbortedError ? 'stopped' : 'answered'}]\n`)

// 2. Steer. Somebody says something while a tool runs, and it is taken in when the tool is done; with `now` it would
// not even wait for that.
const search = tool({
  name: 'search',
  description: 'Searches the library.',
  run: () => {
    librarian.steer(you('Only books about whales, please.'), { when: 'after-tool' })
    return 'Found: Moby-Dick, Dracula.'
  },
})
const librarian = new ReActAgent({ name: 'Librarian', sysPrompt: 'You are Librarian.', model, toolkit: [search] })
await librarian.call(you('Search for old books.'))

// 3. Ask first. A call that needs approval ends the reply (`pause`), and the agent can wait as JSON, on disk.
const transfer = tool({
  name: 'transfer',
  description: 'Transfers money.',
  input: { type: 'object', properties: { euros: { type: 'integer' } }, required: ['euros'] },
  approval: true,
  run: (input) => `Transferred ${(input as { euros: number }).euros} euros.`,
})
const parts = { model, toolkit: [transfer], onApproval: 'pause' as const }
const clerk = new ReActAgent({ name: 'Clerk', sysPrompt: 'You are Clerk.', ...parts })
await clerk.call(you('Transfer 25 euros to Ann.'))
const saved = JSON.stringify(clerk)
console.log(`\n[waiting: ${clerk.pending.map(({ name, input }) => name + JSON.stringify(input)).join()}]\n`)

// This could be another process, next week: it takes the state, which holds no key, and your word on each call.
const again = ReActAgent.fromJSON(JSON.parse(saved), parts)
const done = await again.resume(Object.fromEntries(again.pending.map(({ id }) => [id, 'allow' as const])))
console.log(`---\n${textOf(done)}`)
