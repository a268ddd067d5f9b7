import { z } from 'zod';
import { describeRoles } from '../access';
import { auditedRoute } from '../audit/audited-route';
import { limitContext } from '../guard';
import { mayAct } from '../identity';
import { matchRoute } from './match-route';
import type { Answer, OperationInput, Route } from './operation';
import { ProblemError, problemResponse } from './problem';
import { readBytes, readJsonBody } from './read-json-body';
import type { RestContext } from './rest-context';
import { ROUTES } from './routes';
import { toProblem } from './to-problem';

/** `enter` makes the context; it is called only for a path that is the REST API's. */
export type RestHandler = (
  request: Request,
  enter: () => Promise<RestContext>,
) => Promise<Response | undefined>;

export interface RestHandlerOptions {
  /** Told of errors that are nobody's fault but ours; default: the console. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Answers the REST API: `/api/*` and `/healthz`. Undefined when the path is not the REST API's; failures are
 * answers as well (`application/problem+json`).
 *
 * @example const response = (await rest(request, () => contextOf(identity))) ?? (await graphql(request));
 */
export function createRestHandler({ onError = console.error }: RestHandlerOptions = {}): RestHandler {
  return async (request, enter) => {
    const { pathname } = new URL(request.url);
    if (!/^\/(api(\/|$)|healthz$)/.test(pathname)) return undefined;
    try {
      return toResponse(await answer(request, pathname, await enter()));
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status === 500) onError(problem.cause ?? problem);
      return problemResponse(problem);
    }
  };
}

/** Whether anybody may use what a request asks for, even without credentials. */
export function isPublicRoute(request: Request): boolean {
  const match = matchRoute(ROUTES, request.method, new URL(request.url).pathname);
  return match.kind === 'found' && match.route.role === null;
}

async function answer(request: Request, pathname: string, context: RestContext): Promise<Answer> {
  const match = matchRoute(ROUTES, request.method, pathname);
  if (match.kind === 'unknown') {
    throw new ProblemError(404, {
      title: 'Not found',
      detail: `There is no route ${pathname}.`,
      remedy: `Routes like it: ${match.near.join(', ')}. All of them: /api/openapi.json.`,
    });
  }
  if (match.kind === 'wrong-method') {
    const allow = match.allow.join(', ');
    throw new ProblemError(405, {
      title: 'Method not allowed',
      detail: `${pathname} does not take ${request.method}.`,
      remedy: `Use ${allow}.`,
      headers: { allow },
    });
  }
  const { route, params } = match;
  const asked: Record<string, unknown> = { ...params };
  const act = async (): Promise<Answer> => {
    authorize(route, context);
    const input = await readInput(request, route, params);
    if (input.body !== undefined) asked.body = input.body;
    return route.operation.handle(input, context);
  };
  // What anybody may send is told apart by other means than by who sent it.
  const isAudited = route.method !== 'GET' && route.role !== null;
  return isAudited ? auditedRoute(context.audit, route, asked, act) : act();
}

/** The one place where the REST API says no to a role, and keeps a caller to the code locations where they have it. */
function authorize({ role, method, path }: Route, context: RestContext): void {
  if (role === null) return;
  if (mayAct(context.identity.role, role)) {
    limitContext(context, role, { writes: method !== 'GET' });
    return;
  }
  throw new ProblemError(403, {
    title: 'Forbidden',
    detail: `${method} ${path} needs the role '${role}'; ${describeRoles(context.identity)}.`,
    remedy: `Ask an admin of this deployment for the role '${role}'.`,
  });
}

async function readInput(
  request: Request,
  { operation }: Route,
  params: Readonly<Record<string, string>>,
): Promise<OperationInput> {
  const query = parseInput(
    operation.query ?? z.strictObject({}),
    readQuery(request, operation.query),
    400,
    'query',
  );
  const headers =
    operation.headers === undefined
      ? {}
      : parseInput(operation.headers, Object.fromEntries(request.headers), 400, 'header');
  const body =
    operation.body === undefined
      ? undefined
      : parseInput(operation.body, await readJsonBody(request), 422, 'body');
  const { rawBody: raw } = operation;
  const rawBody = raw === undefined ? new Uint8Array() : await readBytes(request, raw.maxBytes);
  return { params, query, headers, body, rawBody };
}

/** Parameters that the schema calls arrays are always arrays; others are the last one said. */
function readQuery(request: Request, schema: z.ZodObject | undefined): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, isArray(schema?.shape[name]) ? values : (values.at(-1) ?? '')];
    }),
  );
}

function isArray(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isArray(schema.unwrap());
  return schema instanceof z.ZodArray;
}

function parseInput(schema: z.ZodType, value: unknown, status: number, place: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const list = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new ProblemError(status, {
    title: `Invalid ${place}`,
    detail: value === undefined ? `The request needs a ${place}.` : `The ${place} is not valid: ${list}.`,
    remedy: 'See /api/openapi.json for what is expected.',
    errors,
  });
}

function toResponse({ status, body, headers }: Answer): Response {
  const text = JSON.stringify(body);
  return new Response(text, {
    status,
    headers: {
      'content-type': 'application/json',
      'content-length': String(new TextEncoder().encode(text).length),
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
