import type { z } from 'zod';
import type { Role } from '../identity';
import type { RestContext } from './rest-context';

export type Method = 'GET' | 'POST';

/** What a route does: its input and answer as schemas, and the function between them. */
export interface Operation {
  /** One line for the API's description. */
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is taken as it came, instead: its bytes are signed. */
  readonly rawBody?: { readonly maxBytes: number };
  /** The answer's body by status; the schemas are the contract, tests hold answers against them. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  handle(input: OperationInput, context: RestContext): Promise<Answer>;
}

/** An operation's input, checked. */
export interface OperationInput {
  /** Values of `{name}` in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  /** Empty unless the operation asks for it. */
  readonly rawBody: Uint8Array<ArrayBuffer>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: Method;
  /** `{name}` takes one segment, `{name+}` one or more: asset keys hold slashes. */
  readonly path: string;
  /** The least role that may use it; null = anybody, even without credentials. */
  readonly role: Role | null;
  readonly operation: Operation;
}

interface TypedOperation<Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType>
  extends Omit<Operation, 'query' | 'headers' | 'body' | 'handle'> {
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  handle(
    input: {
      readonly params: Readonly<Record<string, string>>;
      readonly query: z.output<Q>;
      readonly headers: z.output<H>;
      readonly body: z.output<B>;
      readonly rawBody: Uint8Array<ArrayBuffer>;
    },
    context: RestContext,
  ): Promise<Answer>;
}

/** Types a handler by its schemas; the router has checked the input before it gets there. */
export function operation<
  Q extends z.ZodObject = z.ZodObject,
  H extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodUndefined,
>(typed: TypedOperation<Q, H, B>): Operation {
  return typed as unknown as Operation;
}

/** A named value of the path; the router guarantees that it is there. */
export function param(
  { params }: { readonly params: Readonly<Record<string, string>> },
  name: string,
): string {
  const value = params[name];
  if (value === undefined) throw new Error(`The route has no parameter {${name}}.`);
  return value;
}
