// What a tool was given, drawn as fits the kind of tool: a command, a change, a file, a search, else a tree of fields.
// Longer than most files: each kind is a few lines of its own.
import { isFields } from '../../../core/kind.ts'
import { JsonTree } from './json-tree.tsx'
import { visible } from './visible.ts'

type Fields = Record<string, unknown>
type Drawn = preact.JSX.Element | undefined

export interface ToolRenderer {
  kind: 'bash' | 'diff' | 'write' | 'search' | 'read'
  /** What the tool's name holds. */
  fits: RegExp
  /** `undefined` when the input has not what it draws: then the next renderer is asked. */
  draw: (fields: Fields) => Drawn
}

/** The first that fits and can draw the input does; else its fields are shown as a tree, and no fields as they came. */
export const toolRenderers: readonly ToolRenderer[] = [
  { kind: 'bash', fits: /bash|shell|command|exec|terminal/i, draw: command },
  { kind: 'diff', fits: /edit|replace|patch|diff/i, draw: change },
  { kind: 'write', fits: /write|create|insert/i, draw: written },
  { kind: 'search', fits: /search|grep|find|glob/i, draw: search },
  { kind: 'read', fits: /read|view|open|list|cat$/i, draw: short },
]

export function ToolInput({ tool, input }: { tool: string; input: unknown }) {
  const fields = isFields(input) ? input : undefined
  for (const { fits, draw } of toolRenderers) {
    const drawn = fields !== undefined && fits.test(tool) ? draw(fields) : undefined
    if (drawn !== undefined) return drawn
  }
  if (typeof input === 'string') return <Pre text={input} />
  if (fields !== undefined && Object.keys(fields).length === 0) return null
  return (
    <div class="tool-fields">
      <JsonTree value={input} open={2} />
    </div>
  )
}

/** The first words of an input, for the line of a folded call. */
export function inputLine(input: unknown): string {
  if (!isFields(input)) return input === undefined ? '' : JSON.stringify(input)
  const values = Object.entries(input)
  const [only] = values
  if (values.length === 1 && only !== undefined && typeof only[1] === 'string') return visible(only[1])
  return visible(values.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')).slice(0, 300)
}

export function Pre({ text, class: name = '' }: { text: string; class?: string }) {
  return <pre class={`tool-text ${name}`}>{visible(text)}</pre>
}

function textIn(fields: Fields, ...names: string[]): string | undefined {
  for (const name of names) if (typeof fields[name] === 'string') return fields[name]
  return undefined
}

function command(fields: Fields) {
  const text = textIn(fields, 'command', 'cmd', 'script', 'code')
  const where = textIn(fields, 'cwd', 'directory', 'workdir')
  if (text === undefined) return undefined
  return (
    <div class="stack-tight">
      <Pre text={`$ ${text}`} />
      {where !== undefined && <p class="hint mono">{visible(where)}</p>}
    </div>
  )
}

function change(fields: Fields) {
  const before = textIn(fields, 'old_string', 'old_str', 'old', 'search', 'before')
  const after = textIn(fields, 'new_string', 'new_str', 'new', 'replace', 'after')
  if (before === undefined || after === undefined) return undefined
  const path = textIn(fields, 'path', 'file_path', 'file')
  return (
    <div class="stack-tight">
      {path !== undefined && <p class="hint mono">{visible(path)}</p>}
      <pre class="tool-text">
        <Lines text={before} sign="−" kind="removed" />
        <Lines text={after} sign="+" kind="added" />
      </pre>
    </div>
  )
}

function Lines({ text, sign, kind }: { text: string; sign: string; kind: 'added' | 'removed' }) {
  if (text === '') return null
  return (
    <span class={`diff-${kind}`}>
      {text
        .split('\n')
        .map((line) => `${sign} ${visible(line)}\n`)
        .join('')}
    </span>
  )
}

function written(fields: Fields) {
  const text = textIn(fields, 'content', 'text', 'file_text')
  const path = textIn(fields, 'path', 'file_path', 'file')
  if (text === undefined || path === undefined) return undefined
  return (
    <div class="stack-tight">
      <p class="hint mono">{visible(path)}</p>
      <Pre text={text} />
    </div>
  )
}

/** What is looked for stands first; where and how below it. */
function search(fields: Fields) {
  const { [wordsIn(fields) ?? '']: wanted, ...others } = fields
  const rest = Object.entries(others)
  if (typeof wanted !== 'string' || rest.some(([, value]) => typeof value === 'object' && value !== null)) {
    return short(fields)
  }
  return (
    <div class="stack-tight">
      <Pre text={wanted} />
      {rest.length > 0 && (
        <p class="hint mono">{visible(rest.map(([key, value]) => `${key}: ${String(value)}`).join(' · '))}</p>
      )}
    </div>
  )
}

function wordsIn(fields: Fields): string | undefined {
  return ['query', 'pattern', 'q', 'search', 'regex', 'text'].find((name) => typeof fields[name] === 'string')
}

function short(fields: Fields) {
  const values = Object.entries(fields)
  if (values.some(([, value]) => typeof value === 'object' && value !== null)) return undefined
  return <Pre text={values.map(([key, value]) => `${key}: ${String(value)}`).join('\n')} />
}
