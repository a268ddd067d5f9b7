/** A failed request, as `application/problem+json` (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What to do. */
  readonly remedy?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
