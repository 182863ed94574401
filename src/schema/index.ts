// Schemas: the public names of this folder.
export { askFields } from './ask-fields.ts'
export { type FieldAnswer, readField } from './field-answer.ts'
export { type Field, type FieldKind, fieldsOf, type ItemKind } from './fields.ts'
export {
  type Checked,
  type Issue,
  issuesText,
  type JsonSchema,
  pathText,
  type ReadSchema,
  readSchema,
  type Schema,
  type ValueOf,
} from './schema.ts'
export type { StandardIssue, StandardResult, StandardSchema } from './standard.ts'
