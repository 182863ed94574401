// The models of a chat: the one that speaks now, and those that may take its place.
import type { Models } from '../models/index.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import { type OpenedModel, type OpenModelOptions, openModel } from './open-model.ts'
import { realModels, simulatedModel, type UsableModel } from './usable-models.ts'

export interface ChatModelsOptions extends OpenModelOptions {
  /** Models with a name of their own, from a file. */
  configured?: Models | undefined
}

/** One model is open at a time; `close` closes it. */
export class ChatModels {
  readonly #options: ChatModelsOptions
  #opened: OpenedModel | undefined
  #name = ''
  /** Of the first model. */
  #provider: string | undefined

  constructor(options: ChatModelsOptions) {
    this.#options = options
  }

  /** One that is open already; whoever opened it closes it. */
  static of(model: ChatWrapper, name: string): ChatModels {
    const models = new ChatModels({ stream: model.stream })
    models.#opened = { model, close: async () => {} }
    models.#name = name
    return models
  }

  /** Of the model that speaks: `provider/model`, or the name of its configuration. */
  get name(): string {
    return this.#name
  }

  get model(): ChatWrapper {
    if (this.#opened === undefined) throw new Error('no model has been opened')
    return this.#opened.model
  }

  /**
   * Opens a model and closes the one before. When it cannot be opened, everything stays as it was.
   *
   * @throws as `openModel` does; ConfigError as a configuration does.
   */
  async open(name: string): Promise<ChatWrapper> {
    const { configured } = this.#options
    const isConfigured = configured !== undefined && (configured.has(name) || !name.includes('/'))
    const opened = isConfigured
      ? { model: configured.model(name), close: async () => {} }
      : await openModel(name, this.#optionsFor(name))
    await this.close()
    this.#opened = opened
    this.#name = name
    return opened.model
  }

  /** An address belongs to the provider of the first model. */
  #optionsFor(name: string): OpenModelOptions {
    const { stream, baseUrl } = this.#options
    this.#provider ??= providerIn(name)
    return baseUrl !== undefined && providerIn(name) === this.#provider ? { stream, baseUrl } : { stream }
  }

  /** What can be chosen here, the one to take when nobody chooses first. */
  async list(): Promise<UsableModel[]> {
    const configured = this.#options.configured?.names ?? []
    const own = configured.map((name) => ({ name, found: 'from the configuration' }))
    return [...own, ...(await realModels(process.env)), simulatedModel]
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    await opened?.close()
  }
}

function providerIn(name: string): string {
  return name.slice(0, Math.max(name.indexOf('/'), 0))
}
