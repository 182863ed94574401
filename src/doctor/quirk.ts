// The quirks that a server can show: their names, how our wrappers take them, and a sentence for people.

/**
 * `handled`: the wrappers cope, nothing is to be set. `option`: an option is to be set. `problem`: no option helps, the
 * server has to change.
 */
export type Level = 'handled' | 'option' | 'problem'

interface Entry {
  readonly level: Level
  readonly says: string
}

const handled = (says: string): Entry => ({ level: 'handled', says })
const option = (says: string): Entry => ({ level: 'option', says })
const problem = (says: string): Entry => ({ level: 'problem', says })

/** Every quirk by its name, which `--json` tells too and which stays the same. */
export const quirks = {
  'byte-order-mark': handled('a byte-order mark before the first byte'),
  crlf: handled('lines end with CRLF'),
  'bare-cr': handled('lines end with CR alone'),
  comments: handled('comments keep the connection alive; they do not count as progress'),
  'no-space': handled('no space behind data:'),
  'id-lines': handled('id: or retry: lines'),
  'event-lines': handled('event: lines, which this wire has not'),
  'split-data': handled('one value is spread over several data: lines'),
  'stray-lines': handled('lines that belong to no event'),
  'blank-lines': handled('blank lines between the values'),
  unterminated: handled('the last event lacks its line end'),
  'wrong-type': handled('the content type is not that of a stream, the body is one'),
  'broken-frame': option('a piece of the stream is no JSON'),
  'whole-reply': handled('asked to stream, it sends the whole reply at once: nothing will be seen to grow'),
  buffered: handled('the pieces come all at once: something on the way holds them back'),
  'no-keep-alive': handled('the connection is closed after each reply'),
  'empty-choices': handled('chunks with no choices and no counters'),
  'no-choices': handled('chunks without choices'),
  'null-choices': handled('chunks with choices: null'),
  'no-delta': handled('a choice without delta'),
  'null-delta': handled('a choice with delta: null'),
  'message-in-stream': handled('a message in the place of a delta'),
  'role-never': handled('no chunk names the role'),
  'role-repeated': handled('every chunk repeats the role'),
  'odd-role': handled('a role that is empty or unknown'),
  'other-choice': handled('more than one choice, or one that is not the first: the first that speaks counts'),
  'parts-content': handled('content as a list of parts'),
  'no-end-mark': handled('no end mark; the finish reason is trusted'),
  'finish-missing': handled('no finish reason; the end mark is trusted, and the ending is called unknown'),
  'empty-finish': handled('an empty finish reason on every chunk'),
  'early-finish': handled('words behind the finish reason'),
  'finish-unknown': handled('a finish reason of its own; the ending is called unknown'),
  'changing-id': handled('the id changes in the middle of a reply'),
  'usage-missing': handled('no token counters when streaming, so usage stays undefined'),
  'usage-everywhere': handled('counters on every chunk; the last ones count'),
  'usage-in-choice': handled('counters inside the choice'),
  'reasoning-content': handled('reasoning in reasoning_content'),
  reasoning: handled('reasoning in reasoning'),
  'reasoning-twice': handled('the same reasoning in two fields; told once'),
  'think-tags': option('reasoning between <think> tags in the text'),
  'think-tags-opened': option('reasoning that ends with </think> and is never opened'),
  'null-tool-calls': handled('tool_calls: null or [] on chunks of text'),
  'call-no-index': handled('calls without index'),
  'call-same-index': handled('two calls with the same index'),
  'call-index-from-1': handled('calls are counted from 1'),
  'call-no-id': handled('calls without id; one is made up'),
  'call-empty-id': handled('an empty id or name in the pieces that follow'),
  'call-id-repeated': handled('the id stands in every piece of a call'),
  'call-name-repeated': handled('the name stands in every piece of a call'),
  'call-arguments-first': handled('arguments come before the name'),
  'call-arguments-object': handled('arguments as an object in the place of its text'),
  'call-arguments-text': handled('arguments as text in the place of an object'),
  'call-arguments-null': handled('arguments: null'),
  'call-empty-arguments': handled('empty arguments for no arguments'),
  'call-placeholder-arguments': handled('arguments begin with an empty object, then the real one comes'),
  'call-raw-control': handled('raw control characters inside the arguments'),
  'call-whole-arguments': handled('all arguments of a call come in one piece'),
  'call-broken-arguments': problem('the arguments of a call are no JSON: such a call is never run'),
  'call-with-text': handled('words and a call in one piece'),
  'calls-finish-stop': handled('the finish reason is stop though there are calls'),
  thinking: handled('thinking in pieces of its own'),
  cumulative: handled('every piece repeats the text so far'),
  'output-text': handled('the old output.text shape'),
  'content-in-done': handled('words in the last line'),
  'unknown-event': handled('events of a kind that is not documented; they are handed on as raw'),
  'no-event-lines': handled('no event: lines; the type is taken from the value'),
  'message-start-twice': handled('message_start comes twice'),
  'no-parts': handled('content without parts'),
  'error-in-stream': problem('an error inside a reply with status 200'),
  'error-event': problem('an error event inside a reply with status 200'),
  'cut-off': problem('the reply ends without a finish reason and without an end mark'),
  reset: problem('the connection breaks before the reply is over'),
  stalled: problem('the reply goes silent before it is over'),
  endless: problem('the reply does not end in time; the limit on its tokens may not be heeded'),
  'not-read': problem('our wrapper does not read this reply as a finished one'),
  'nothing-said': problem('the reply is finished and says nothing'),
  'whole-not-read': problem('a reply that does not stream is not read'),
  'stream-options-refused': option('stream_options is refused'),
  'max-tokens-refused': handled('max_tokens is refused; give the limit by the name that the server takes'),
  'no-answer': problem('a question gets no answer in time, where others do'),
  'tools-refused': problem('a request with tools is refused'),
  'tool-not-called': handled('the model answered in words where it was told to use a tool'),
  'unknown-model-answers': handled('a model that does not exist gets an answer: names are not checked'),
  'wrong-key-answers': handled('a wrong key gets an answer: keys are not checked'),
  'bad-request-answers': handled('a request without messages gets an answer'),
  'error-status': handled('an error with a status that does not fit'),
  'error-in-200': handled('an error with status 200'),
  'error-not-json': handled('an error that is no JSON'),
  'goes-on-after-break': handled('after a reply was left, the next one began late: it may go on generating'),
} as const satisfies Record<string, Entry>

export type QuirkName = keyof typeof quirks

/** Called for each quirk that is seen, as often as it is. */
export type Note = (name: QuirkName) => void

/** Looks at the values of one streamed reply. */
export interface StreamCheck {
  /** One parsed value, with the SSE event's name. */
  value(value: unknown, event: string | undefined): void
  /** A frame that is no JSON by design. */
  mark?(text: string): boolean
  /** The body is over. */
  end(): void
}
