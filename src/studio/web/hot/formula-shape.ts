// A formula before it is drawn: its source, as text, in the place where it will stand.
import { stillOpen } from './formula.ts'
import type { FormulaToken } from './formula-tokens.ts'
import { showHidden } from './hidden-marks.ts'
import { type Child, shape } from './shape.ts'

/** Longer than that, a formula within a line scrolls in a box of its own. */
const longFormula = 60

export function formulaShape({ source, isDisplay, isOpen }: FormulaToken): Child[] {
  const text = isOpen ? source.replace(stillOpen, '') : source
  // One dollar may yet turn out to be money.
  if (isOpen && !isDisplay && text.startsWith('$')) return [text]
  const name = isDisplay ? 'formula display' : text.length > longFormula ? 'formula long' : 'formula'
  const scrolls = name === 'formula' ? {} : { tabindex: '0', role: 'group' }
  const drawn = isOpen ? {} : { 'data-formula': text }
  return [shape('span', showHidden(text), { class: name, ...scrolls, ...drawn })]
}
