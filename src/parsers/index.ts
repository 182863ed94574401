// Parsers: the public names of this folder.
export { type CodeBlockOptions, MarkdownCodeBlockParser } from './code-block.ts'
export type { ContentHint } from './content-hint.ts'
export { type Dict, DictParser, type KeyFilter, type KeyOptions } from './dict-parser.ts'
export { type FieldReader, FieldStream } from './field-stream.ts'
export {
  type JsonDictOptions,
  type JsonObjectOptions,
  MarkdownJsonDictParser,
  MarkdownJsonObjectParser,
} from './json-object.ts'
export { type ParsedResponse, Parser } from './parser.ts'
export {
  JsonParsingError,
  JsonTypeError,
  type ParsingErrorOptions,
  RequiredFieldNotFoundError,
  ResponseParsingError,
  TagNotFoundError,
} from './parsing-error.ts'
export { RegexTaggedContentParser, type RegexTaggedOptions } from './regex-tagged.ts'
export { TagStream } from './tag-stream.ts'
export { MultiTaggedContentParser, type MultiTaggedOptions, type TaggedContent } from './tagged-content.ts'
