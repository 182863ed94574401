// What a table says of a model: by its name, or by the longest name with a `*` at its end that it begins with.

/** `undefined` when the table does not hold the model. */
export function ofModel<Value>(model: string | undefined, table: Readonly<Record<string, Value>>): Value | undefined {
  if (model === undefined) return undefined
  if (Object.hasOwn(table, model)) return table[model]
  const fitting = Object.keys(table).filter((name) => name.endsWith('*') && model.startsWith(name.slice(0, -1)))
  const longest = fitting.sort((left, right) => right.length - left.length)[0]
  return longest === undefined ? undefined : table[longest]
}
