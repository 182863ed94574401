// Loaded into the program that `agentscope run` runs, before the program itself.
import { knowOwnPackage } from './own-package.ts'

// A clone leads from its examples to what was built last; its own sources are what is meant.
knowOwnPackage({ always: import.meta.url.endsWith('.ts') })
