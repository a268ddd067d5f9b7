import { z } from 'zod';

/** A failed request as RFC 9457 writes it, with what to do about it. */
export const problemSchema = z
  .object({
    type: z.string().describe('`about:blank`: the status says what kind of problem it is.'),
    title: z.string().describe('The kind of problem, the same for all of its kind.'),
    status: z.int(),
    detail: z.string().describe('What happened, with the value at fault.'),
    remedy: z.string().optional().describe('What to do.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Every single thing that is wrong with the request, with its place in it.'),
  })
  .describe('A failed request (RFC 9457).');

export type Problem = z.output<typeof problemSchema>;

interface ProblemDetails {
  readonly title: string;
  readonly detail: string;
  readonly remedy?: string | undefined;
  readonly errors?: Problem['errors'];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by whatever cannot answer a request; becomes the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly details: ProblemDetails;

  constructor(status: number, details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail, options);
    this.status = status;
    this.details = details;
  }
}

export function problemResponse({ status, details }: ProblemError): Response {
  const { title, detail, remedy, errors, headers } = details;
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    detail,
    ...(remedy === undefined ? {} : { remedy }),
    ...(errors === undefined ? {} : { errors }),
  };
  const body = JSON.stringify(problem);
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'content-length': String(new TextEncoder().encode(body).length),
      ...headers,
    },
  });
}
