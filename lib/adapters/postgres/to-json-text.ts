/**
 * JSON as PostgreSQL takes it: its text and jsonb types refuse U+0000 and unpaired surrogates, which output of
 * user code may well hold. Each becomes U+FFFD.
 */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // Most texts hold no escape at all; an unpaired surrogate is always written as one.
  return /\\u(0000|[dD][89a-fA-F])/.test(text) ? JSON.stringify(clean(value)) : text;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), clean(item)]));
  }
  return value;
}

/** The same for a plain text parameter. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
