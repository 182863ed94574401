// What the platform's `fetch` reports of a connection that was destroyed; for answers that have no socket to destroy.

export function connectionReset(): TypeError {
  return new TypeError('terminated', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
}
