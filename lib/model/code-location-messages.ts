import type { CodeLocationReply, CodeLocationRequest } from './code-location';
import type { SerializableError } from './serializable-error';

/** To the process of a code location. The first message says what to load; it loads nothing else. */
export type ToCodeLocation =
  | { readonly type: 'load'; readonly location: string; readonly bundlePath: string }
  | { readonly type: 'request'; readonly id: number; readonly request: CodeLocationRequest };

export type FromCodeLocation =
  | { readonly type: 'loaded' }
  | { readonly type: 'load-failed'; readonly error: SerializableError }
  /** User code is given a secret, and may print it. */
  | { readonly type: 'mask'; readonly secret: string }
  /** It has begun with a request, and is free to take another one. */
  | { readonly type: 'begun'; readonly id: number }
  | { readonly type: 'reply'; readonly id: number; readonly reply: CodeLocationReply<unknown> };
