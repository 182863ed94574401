// The few short questions of an examination.
import type { ToolSchema } from '../core/tool.ts'
import type { Question } from './speaking.ts'

/** Tokens: enough for a model that thinks first, little enough to cost next to nothing. */
export const answerLimit = 512
/** Where no answer is expected. */
export const refusalLimit = 16

export const noSuchModel = 'agentscope-doctor-no-such-model'
export const wrongKey = 'agentscope-doctor-wrong-key'

export const weather: ToolSchema = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

const greeting = 'Say hello in one short sentence.'

export const greets: Question = { text: greeting, stream: true, limit: answerLimit }
export const greetsWhole: Question = { text: greeting, stream: false, limit: answerLimit }
export const callsTool: Question = {
  text: 'What is the weather in Oslo? Use the tool get_weather.',
  stream: true,
  limit: answerLimit,
  tools: [weather],
}
export const isLeft: Question = {
  text: 'Count from 1 to 200, one number a line.',
  stream: true,
  limit: answerLimit,
  leaves: true,
}
export const refused: Question = { text: greeting, stream: true, limit: refusalLimit }
