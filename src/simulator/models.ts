// Who answers for which model name, and what comes next in a list of answers.
import { ConfigError } from '../core/error.ts'
import { CassettePlayer } from './cassette-player.ts'
import type { Model, ModelRequest, Recorded, Script, Taped } from './script.ts'
import { checkAnswer, checkModel, checkTaped } from './script-check.ts'
import { isFields } from './value.ts'

/** One model: counts its calls and the refusals of `failFirst`. */
export class SimulatedModel {
  readonly #model: Model
  readonly #name: string
  /** How many calls have been answered, and how often each answer of a list has been refused. */
  #call = 0
  readonly #refused = new Map<number, number>()

  constructor(name: string, model: Model) {
    this.#name = name
    this.#model = model
  }

  /**
   * The answer to this call. With `isRefused` it is to be refused as its `failFirst` says, and the same answer stands
   * for the next call.
   *
   * @throws ConfigError when a function gave no script; whatever the function throws
   */
  async answer(request: ModelRequest): Promise<{ answer: Script | Recorded; isRefused: boolean }> {
    const at = Array.isArray(this.#model) ? Math.min(this.#call, this.#model.length - 1) : 0
    const answer = await this.#answerAt(at, request)
    const times = 'recorded' in answer ? 0 : (answer.failFirst?.times ?? 0)
    const refused = this.#refused.get(at) ?? 0
    const isRefused = refused < times
    if (isRefused) this.#refused.set(at, refused + 1)
    else this.#call += 1
    return { answer, isRefused }
  }

  async #answerAt(at: number, request: ModelRequest): Promise<Script | Recorded> {
    const model = this.#model
    if (typeof model === 'function') {
      const answer: unknown = await model(request)
      checkAnswer(answer, `What models["${this.#name}"] returned`)
      return answer
    }
    if (!Array.isArray(model)) return model as Script | Recorded
    return model[at]
  }
}

export class Models {
  readonly #models = new Map<string, SimulatedModel | CassettePlayer>()

  /** @throws ConfigError */
  constructor(models: unknown) {
    if (!isFields(models)) {
      throw new ConfigError('The simulator needs models: an object from model name to answer.', {
        advice: "For example simulator({ models: { '*': { text: 'Hello!' } } }).",
      })
    }
    for (const [name, model] of Object.entries(models)) {
      this.#models.set(name, modelOf(name, model))
    }
  }

  get names(): string[] {
    return [...this.#models.keys()]
  }

  /** The model of exactly that name, else the one named `*`. */
  named(name: string): SimulatedModel | CassettePlayer | undefined {
    return this.#models.get(name) ?? this.#models.get('*')
  }
}

function modelOf(name: string, model: unknown): SimulatedModel | CassettePlayer {
  const where = `models["${name}"]`
  if (isFields(model) && 'cassette' in model) {
    checkTaped(model, where)
    const { cassette, replay } = model as unknown as Taped
    return new CassettePlayer(cassette, replay)
  }
  checkModel(model, where)
  return new SimulatedModel(name, model)
}
