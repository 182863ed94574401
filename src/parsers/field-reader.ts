// Follows one field of an answer while it is being written: what a listener may hear before the answer is whole.

/** Is fed the answer's text as it comes, and tells what the field grows by. */
export interface FieldReader {
  /** What the field grew by; "" when it did not. Costs time in proportion to `text`, never to what came before. */
  push(text: string): string
  /** The answer is over: what was held back because more might have followed. */
  end(): string
}
