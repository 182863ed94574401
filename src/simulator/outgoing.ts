// What is about to be sent, found in the arguments of a `fetch` without taking it away.

/** One request as it goes out. */
export interface Outgoing {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array
}

/** What is about to be sent; `sent` is the init to send it with. The request itself stays unread. */
export async function outgoingOf(input: Request | string | URL, init: RequestInit | undefined) {
  const given = input instanceof Request ? input : undefined
  const isOverridden = init?.body !== undefined && init.body !== null
  const body = await bytesOf(isOverridden ? init.body : given?.clone())
  const isStream = init?.body instanceof ReadableStream
  const signal = init?.signal ?? given?.signal
  const headers = new Headers(init?.headers ?? given?.headers)
  // Of a form the platform adds the type itself.
  const usualType = init?.body instanceof FormData || init?.body instanceof URLSearchParams ? typeOf(init.body) : null
  if (usualType !== null && !headers.has('content-type')) headers.set('content-type', usualType)
  const url = new URL(given?.url ?? String(input))
  const method = (init?.method ?? given?.method ?? 'GET').toUpperCase()
  const sent = isStream ? ({ ...init, body } as RequestInit) : init
  return { outgoing: { method, url, headers, body } satisfies Outgoing, sent, signal }
}

async function bytesOf(body: Request | RequestInit['body'] | undefined): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array()
  return new Uint8Array(await (body instanceof Request ? body : new Response(body)).arrayBuffer())
}

function typeOf(body: FormData | URLSearchParams): string | null {
  return new Response(body).headers.get('content-type')
}
