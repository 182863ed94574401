// Makes marks visible that change how text reads without being seen: directions, zero widths, controls.
// Controls as a class (all but tab and line end), so that none is spelt out. What joins two emoji to one is no secret.
const unseen =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic}))(?:(?![\t\n\r])\p{Cc}|[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])/gu

/** For commands, code and whatever a person shall allow: `‹U+202E›` in place of the mark. */
export function visible(text: string): string {
  return text.replace(unseen, (mark) => `‹U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`)
}
