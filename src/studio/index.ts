// Studio: the public names of this folder.
export { defaultDataFile } from './server/data-file.ts'
export { openStudio, type Studio, type StudioOptions } from './server/studio.ts'
