// Markdown of every kind that models write, and the ways to cut it.

export const grammar: Readonly<Record<string, string>> = {
  paragraphs: 'One line\nand its second.\n\nA hard break  \nhere, and a backslash\\\nthere.\n\n\n\nThe end',
  headings:
    '# One #\n\ntext\n## Two\n### Three `code`\nUnder\n=====\n\nLined\n---\n#hashtag is none\n\n#\n\n###### Six\n',
  emphasis:
    'a **bold** b *it* c ***both*** d __under__ e snake_case_name f ~~gone~~ g ~one~ h **not closed\n\n2 * 3 * 4 ** x',
  chinese: '这是**粗体：**后面的文字，*斜体*。\n\n- 第一项\n- **第二项**：说明\n\n> 引用“内容”\n\n全角｜竖线',
  codeSpans: 'a `b` c ``d ` e`` f ` g\n\n`` ` `` and `**no bold**` and `<b>`',
  links:
    '[text](https://a.example/b?c=d&e=f "title") <https://x.example> www.y.example me@z.example [half](http://\n\n[a [b] c](http://q.example/(1))',
  images:
    'before ![alt *text*](https://a.example/x.png "t") after ![](data:image/png;base64,AAAA)\n\n[![in](http://b.example/i.png)](http://c.example)',
  references:
    'See [this][one] and [two] and [none].\n\n- in a list [one]\n\n| a |\n|---|\n| [two] |\n\n[one]: https://one.example "One"\n[two]: <https://two.example>\n\nAnd [one] again.\n',
  lists:
    '- a\n- b\n  - c\n    - d\n\n      deep paragraph\n- e\n\n\n* other bullet\n+ third\n\n1. one\n2. two\n   more\n\n5. five\n1) bracket\n',
  looseLists:
    '- one\n\n- two\n\n  second paragraph\n\n      code in it\n- three\n\ntext behind\n\n- [ ] open\n- [x] done\n- [nope] x\n',
  listsWithCode:
    '1. First:\n\n   ```sh\n   npm start\n   # **not bold**\n   ```\n2. Then `run` it:\n   ~~~\n   open tilde\n   ~~~\n\n- x\n  ```\n  never closed\n',
  fences:
    '```ts\nconst a = `x`\n\n\nlet b\n```\ntext\n````md\n```js\ninner\n```\n````\n~~~ info `ticks`\n``` no\n~~~\n\n```\n\n```\n```not closed\n~~~\nlast\n\n',
  indentedFences: '  ```js\n  two\n    four\n  ```\n\n   ~~~\n   a\n  b\n~~~\nafter',
  indentedCode: 'text\n\n    code **x**\n\n    more\n\n\ttab\n\nback\n    lazy, not code\n',
  tables:
    '| a | b |\n|---|:-:|\n| 1 | **2** |\n| `x|y` | z\n| only |\nno bars\n\nx | y\n--:|:--\n1 | 2\n> quote ends it\n\n| not | a table |\n| at | all |\n\n| h |\n|---|\n- list ends it\n',
  tableInText:
    'words\n| a | b |\n|---|---|\n| 1 | [l](http://l.example) |\n# Heading ends it\n| x |\n|-|\n| \\| |\n```\ncode\n```\n',
  quotes:
    '> a\n> b\nlazy\n>\n> - list\n>   more\n>\n> ```\n> code\n> ```\n> > deep\n\ntext\n\n> | a |\n> |---|\n> | 1 |\n',
  rules: 'a\n\n---\n***\n_ _ _\n- - -\n\nb\n***\nc\n- - -\n',
  html: '<div>\n<b>x</b>\n\n</div>\n\ntext <i>in</i> <br/> line <!-- note -->\n\n<!-- long\n\ncomment -->\n\n<script>\nalert(1)\n\n</script>\nafter\n\n<details>\n<summary>s</summary>\n\n**in**\n\n</details>\n',
  entities: '&amp; &lt;b&gt; &copy; &#65; &#x1F600; &nope; &amp;amp; `&amp;` [x](http://e.example/?a=1&amp;b=2)\n',
  unicode: 'Emoji 👩‍👩‍👧‍👦 🇩🇪 👍🏽 and 𝔘𝔫𝔦 \u202eevil\u202c `a\u202eb\u2066c`\n\n```\n\u200bx 🎉🎉\n```\n🎉**🎉**🎉',
  carriageReturns: 'a\r\nb\rc\r\n\r\n- x\r\n- y\r\n\r\n```\r\ncode\r\n\r\n```\r\n\r\n| a |\r\n|---|\r\n| 1 |\r\n',
  maths: 'Inline $a_1 * b_2$ and\n\n$$\n\\sum_{i=0}^n x_i * y_i\n$$\n\n\\(x\\) \\[y\\]\n',
  escapes: '\\*not\\* \\# \\[x\\] \\`a\\` 1\\. \\\\ \\<b>\n\n\\- no list\n\\',
  longCode: `\`\`\`py\n${Array.from({ length: 260 }, (_, line) => `value_${line} = ${line} * 2  # 🎉 row`).join('\n')}\n\`\`\`\nend`,
  longLine: `\`\`\`\n${'0123456789abcde🎉'.repeat(400)}\n\`\`\`\n\n${'word 🎉 '.repeat(300)}`,
}

/** Numbers in 0..1 that a seed gives again and again. */
export function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

/** The text in chunks of 1..most UTF-16 units: within pairs of surrogates, line ends and markers alike. */
export function cut(text: string, seed: number): string[] {
  const random = randomOf(seed)
  const most = 1 + Math.floor(random() ** 2 * Math.max(12, text.length / 8))
  const chunks: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * most)
    chunks.push(text.slice(at, at + length))
    at += length
  }
  return chunks
}
