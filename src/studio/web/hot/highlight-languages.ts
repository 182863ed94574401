// The languages that code is coloured in, each loaded when its first block is settled.
import type { HLJSApi, LanguageFn } from 'highlight.js'

/** A run of text within code, with what it is (`keyword`, `string`, `title.function`), or nothing. */
export interface Scoped {
  text: string
  scope: string | undefined
}

type Loader = () => Promise<{ default: LanguageFn }>

const loaders: Readonly<Record<string, Loader>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  go: () => import('highlight.js/lib/languages/go'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
}

const otherNames: Readonly<Record<string, string>> = {
  'c#': 'csharp',
  'c++': 'cpp',
  console: 'bash',
  cs: 'csharp',
  html: 'xml',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  patch: 'diff',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svg: 'xml',
  ts: 'typescript',
  tsx: 'typescript',
  yml: 'yaml',
  zsh: 'bash',
}

/** The language's own name; undefined when its code stays plain. */
export function knownLanguage(name: string): string | undefined {
  const lower = name.toLowerCase()
  const known = Object.hasOwn(otherNames, lower) ? otherNames[lower]! : lower
  return Object.hasOwn(loaders, known) ? known : undefined
}

/** What cuts code of that language into scoped runs, in order and complete. The language must be a known one. */
export async function loadLanguage(language: string): Promise<(code: string) => Scoped[]> {
  const [{ default: core }, { default: definition }] = await Promise.all([
    import('highlight.js/lib/core'),
    loaders[language]!(),
  ])
  if (core.getLanguage(language) === undefined) core.registerLanguage(language, definition)
  return (code) => scopedRuns(core, code, language)
}

interface Scope {
  scope?: string
  children: readonly (Scope | string)[]
}

/** The library's own tree of scopes: its other output is a string of HTML, which nothing here may use. */
function scopedRuns(core: HLJSApi, code: string, language: string): Scoped[] {
  const { _emitter: emitter } = core.highlight(code, { language, ignoreIllegals: true })
  const runs: Scoped[] = []
  const walk = (node: Scope | string, scope: string | undefined): void => {
    if (typeof node === 'string') runs.push({ text: node, scope })
    else for (const child of node.children) walk(child, node.scope ?? scope)
  }
  if ('rootNode' in emitter) walk(emitter.rootNode as Scope, undefined)
  return runs
}
