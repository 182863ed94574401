// A form made from a JSON Schema: text, numbers, choices, marks, lists of lines, objects in objects, else JSON.
// Longer than most files: each kind of field is a few lines of its own.
import { useId } from 'preact/hooks'
import { words } from './request-words.ts'
import { type Draft, kindOf, type Problem, plainSchema, type Schema } from './schema-value.ts'
import { visible } from './visible.ts'

export interface FieldProps {
  schema: Schema
  /** Absent for the whole value. */
  name?: string
  path?: string
  required?: boolean
  draft: Draft
  problems: readonly Problem[]
  onChange: (draft: Draft) => void
}

/** So few choices stand open; more go into a list. */
const mostRadios = 6

export function SchemaForm(props: FieldProps) {
  const schema = plainSchema(props.schema)
  return kindOf(schema) === 'object' ? <Fields {...props} schema={schema} /> : <Field {...props} schema={schema} />
}

function Fields({ schema, name, path = '', draft, problems, onChange }: FieldProps) {
  const values = typeof draft === 'object' ? draft : {}
  const fields = Object.entries(schema.properties ?? {}).map(([key, each]) => (
    <SchemaForm
      key={key}
      schema={each}
      name={key}
      path={`${path}/${key}`}
      required={schema.required?.includes(key) === true}
      draft={values[key]}
      problems={problems}
      onChange={(next) => onChange({ ...values, [key]: next })}
    />
  ))
  if (name === undefined) return <div class="form-fields">{fields}</div>
  return (
    <fieldset class="form-group">
      <legend class="label">{visible(schema.title ?? name)}</legend>
      <div class="form-fields">{fields}</div>
    </fieldset>
  )
}

function Field(props: FieldProps) {
  const { schema, name, path = '', required, problems } = props
  const id = useId()
  const problem = problems.find((each) => each.path === path)
  const label = visible(schema.title ?? name ?? words().answer)
  const isChoice = kindOf(schema) === 'choice' && (schema.enum?.length ?? 0) <= mostRadios
  const hint = problem?.text ?? visible(schema.description ?? '')
  return (
    <div class="form-field">
      {!isChoice && (
        <label class="label" for={id}>
          {label}
          {required === true && <span aria-hidden="true"> *</span>}
        </label>
      )}
      <Control {...props} id={id} label={label} hintId={hint === '' ? undefined : `${id}-hint`} />
      {hint !== '' && (
        <p id={`${id}-hint`} class={problem === undefined ? 'hint' : 'hint bad'}>
          {hint}
        </p>
      )}
    </div>
  )
}

type ControlProps = FieldProps & { id: string; label: string; hintId: string | undefined }

function Control(props: ControlProps) {
  const { schema, draft, onChange, required, problems, path = '', id, hintId } = props
  const kind = kindOf(schema)
  if (kind === 'choice') return <Choice {...props} />
  if (kind === 'boolean') return <Mark {...props} />
  const common = {
    id,
    class: 'field',
    value: typeof draft === 'string' ? draft : '',
    'aria-required': required === true,
    'aria-invalid': problems.some((each) => each.path === path),
    ...(hintId !== undefined && { 'aria-describedby': hintId }),
  }
  if (kind === 'number') {
    return <input {...common} inputMode="decimal" onInput={(event) => onChange(event.currentTarget.value)} />
  }
  if (kind === 'text' && (schema.maxLength ?? 0) <= 200) {
    return <input {...common} type="text" onInput={(event) => onChange(event.currentTarget.value)} />
  }
  const placeholder = kind === 'lines' ? words().onePerLine : kind === 'json' ? 'JSON' : ''
  return (
    <textarea {...common} rows={3} placeholder={placeholder} onInput={(event) => onChange(event.currentTarget.value)} />
  )
}

function Mark({ id, draft, onChange, hintId }: ControlProps) {
  return (
    <span class="row">
      <input
        id={id}
        type="checkbox"
        checked={draft === true}
        {...(hintId !== undefined && { 'aria-describedby': hintId })}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="hint">{words().yes}</span>
    </span>
  )
}

function Choice({ schema, id, label, draft, onChange, required }: ControlProps) {
  const options = (schema.enum ?? []).map((value) => ({
    key: JSON.stringify(value),
    text: visible(typeof value === 'string' ? value : JSON.stringify(value)),
  }))
  if (options.length > mostRadios) {
    return (
      <select
        id={id}
        class="field"
        value={String(draft ?? '')}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{words().none}</option>
        {options.map(({ key, text }) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    )
  }
  return (
    <fieldset class="choices">
      <legend class="label">
        {label}
        {required === true && <span aria-hidden="true"> *</span>}
      </legend>
      {options.map(({ key, text }) => (
        <label key={key} class={draft === key ? 'choice chosen' : 'choice'}>
          <input type="radio" name={id} checked={draft === key} onChange={() => onChange(key)} />
          {text}
        </label>
      ))}
    </fieldset>
  )
}
