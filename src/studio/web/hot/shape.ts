// What a block of Markdown looks like before it is a DOM node: a tree that can be compared, and nothing that can run.

/** Every element that Studio makes from a model's text. What is not here cannot be made. */
export type Tag =
  | 'a'
  | 'blockquote'
  | 'br'
  | 'code'
  | 'del'
  | 'em'
  | 'figcaption'
  | 'figure'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'hr'
  | 'li'
  | 'ol'
  | 'p'
  | 'pre'
  | 'span'
  | 'strong'
  | 'table'
  | 'tbody'
  | 'td'
  | 'th'
  | 'thead'
  | 'tr'
  | 'ul'

/** None of these is a sink that Trusted Types watches, and none loads anything. */
export type Attribute =
  | 'aria-label'
  | 'class'
  | 'data-formula'
  | 'data-language'
  | 'dir'
  | 'href'
  | 'rel'
  | 'role'
  | 'start'
  | 'tabindex'
  | 'target'
  | 'title'

export type Attributes = Partial<Record<Attribute, string>>

export interface Shape {
  tag: Tag
  attributes?: Attributes
  children: readonly Child[]
}

export type Child = Shape | string

export function shape(tag: Tag, children: readonly Child[] = [], attributes?: Attributes): Shape {
  return attributes === undefined ? { tag, children } : { tag, attributes, children }
}

/** A run of text in one tree must not depend on how it was cut: neighbours are joined. */
export function joined(children: readonly Child[]): Child[] {
  const out: Child[] = []
  for (const child of children) {
    const last = out.at(-1)
    if (typeof child === 'string' && typeof last === 'string') out[out.length - 1] = last + child
    else if (child !== '') out.push(child)
  }
  return out
}
