// Which names and which looks say that a value is a secret.

/** Of headers, of parts of a query and of options. Wide: what is no secret loses nothing by not being shown. */
export const secretNames = /auth|key|token|cookie|secret|session|credential|pass|sign|iap|jwt/i

/** Long, without spaces, of letters and digits: whatever the header is called. */
export const secretLooks = /^(?=.*\d)(?=.*[a-z])\S{12,}$/i

/**
 * Of fields inside bodies, where the wide ones would hit what a model needs again (`signature`, `tokens`): a whole name,
 * or its end.
 */
export const secretFields =
  /(?:^|[_-])(?:api_?-?key|access_?-?key|private_?-?key|(?:access|refresh|auth|id|session|bearer|security)_?-?token|client_?-?secret|secret|password|passwd|authorization|credentials?)$|^(?:(?:x-)?api-?key|secretKey|secretAccessKey|accessKey|(?:access|refresh|auth|id|session|bearer|security)Token|clientSecret|privateKey)$/i
