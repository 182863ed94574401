// What agents remember: the public names of this folder.
export { type Memorable, type Memory, TemporaryMemory } from './temporary.ts'
