// Makes `agentscope` known to files that lie anywhere: without an installed copy of their own they get this one.
import { registerHooks } from 'node:module'

/** Where this program runs from its sources, `agentscope` has to lead to the sources too. */
const condition = import.meta.url.endsWith('.ts') ? ['agentscope-source'] : []

export interface OwnPackageOptions {
  /** Whether a copy that the file would find by itself is passed over, so that there is one `Toolkit` class only. */
  always: boolean
}

/** From now on, for every module that this process loads. */
export function knowOwnPackage({ always }: OwnPackageOptions): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (!/^agentscope(\/|$)/.test(specifier)) return next(specifier, context)
      const ours = () =>
        next(specifier, {
          ...context,
          parentURL: import.meta.url,
          conditions: [...(context.conditions ?? []), ...condition],
        })
      if (always) return ours()
      try {
        return next(specifier, context)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
        return ours()
      }
    },
  })
}
