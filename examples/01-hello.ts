// Lesson 1: ask a model, and read its answer while it is being written.
import { OpenAIChatWrapper } from 'agentscope'

// The key comes from OPENAI_API_KEY. Six more wrappers (AnthropicChatWrapper, GeminiChatWrapper, DashScopeChatWrapper,
// ZhipuAIChatWrapper, OllamaChatWrapper, LiteLLMChatWrapper) are used in exactly the same way.
const model = new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true })

// The question is sent here: a wrong key or an unknown model is an error of this line.
const response = await model.call([{ role: 'user', content: 'Hi! Who are you?' }])

// Each pair holds the text so far, so there is nothing to put together. `last` is true once, for the whole answer.
let shown = 0
for await (const [last, text] of response.stream) {
  process.stdout.write(text.slice(shown))
  shown = text.length
  if (last) process.stdout.write('\n')
}

// Afterwards everything is still there. An answer that was cut off would have thrown: it never passes for a whole one.
console.log('---')
console.log('text:  ', response.text)
console.log('ending:', response.ending?.reason)
console.log('tokens:', response.usage?.inputTokens, 'in,', response.usage?.outputTokens, 'out')

// Nobody has to stream: getText() waits for the whole answer, with `stream: true` as well as without.
const second = await model.call([{ role: 'user', content: 'What is an agent?' }])
console.log('second:', await second.getText())
