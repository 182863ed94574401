// Who copies a drawn formula gets its source.

/** Puts the selected words on the clipboard with each formula as it was written; without formulas it does nothing. */
export function copyFormulas(event: ClipboardEvent): void {
  const selection = getSelection()
  if (selection === null || selection.isCollapsed || event.clipboardData === null || event.defaultPrevented) return
  const within = elementOf(selection.anchorNode)?.closest<HTMLElement>('[data-drawn]')
  const source = within?.contains(selection.focusNode) ? within.dataset['formula'] : textWithSources(selection)
  if (source === undefined) return
  event.clipboardData.setData('text/plain', source)
  event.preventDefault()
}

function elementOf(node: Node | null): Element | null {
  return node instanceof Element ? node : (node?.parentElement ?? null)
}

/** Lines end where they end on the page, so the words stand on it for a moment, out of sight. */
function textWithSources(selection: Selection): string | undefined {
  const copy = document.createElement('div')
  for (let index = 0; index < selection.rangeCount; index += 1) {
    copy.append(selection.getRangeAt(index).cloneContents())
  }
  const formulas = copy.querySelectorAll<HTMLElement>('[data-drawn]')
  if (formulas.length === 0) return undefined
  for (const formula of formulas) formula.replaceChildren(formula.dataset['formula'] ?? '')
  copy.className = 'formula-copy'
  document.body.append(copy)
  const text = copy.innerText
  copy.remove()
  return text
}
