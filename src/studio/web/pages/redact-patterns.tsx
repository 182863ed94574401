// The field of what is taken out of records before they are stored: one pattern a line; what Studio refuses stands below it.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { toast } from '../components/toast.tsx'
import { patternsIn } from './pattern-lines.ts'
import { settingsWords } from './settings.words.ts'
import { saveSettings } from './use-settings.ts'

export function RedactPatterns({ patterns }: { patterns: readonly string[] }): JSX.Element {
  const words = settingsWords()
  const [text, setText] = useState(patterns.join('\n'))
  const [problem, setProblem] = useState<string>()
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    setProblem(await refusalOf(text))
  }
  return (
    <form class="redact" onSubmit={save}>
      <textarea
        class="field mono"
        rows={4}
        spellcheck={false}
        aria-label={words.redact}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? 'redact-hint' : 'redact-problem'}
        placeholder={words.redactExample}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {problem !== undefined && (
        <p id="redact-problem" class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        <span id="redact-hint" class="hint grow">
          {words.redactLimits}
        </span>
        <Button submit small>
          {words.save}
        </Button>
      </div>
    </form>
  )
}

/** Saves them. Returns what is wrong with them, in words: a line that cannot be one by its number. */
async function refusalOf(text: string): Promise<string | undefined> {
  const { patterns, wrong, isTooMany } = patternsIn(text)
  if (isTooMany) return settingsWords().tooManyPatterns
  if (wrong !== undefined) return settingsWords().wrongPattern(wrong.line, wrong.text)
  try {
    await saveSettings({ redact: patterns })
    toast(settingsWords().saved)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return undefined
}
