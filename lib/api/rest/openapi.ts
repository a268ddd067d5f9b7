import { z } from 'zod';
import type { JsonObject } from '../../model/json';
import { shownPath } from './match-route';
import type { Operation, Route } from './operation';
import { problemSchema } from './problem';
import { named } from './schemas';

const SCHEMAS = '#/components/schemas/';

/** What can go wrong with any request. */
const PROBLEMS: Readonly<Record<string, string>> = {
  '400': 'The query or body cannot be read.',
  '401': 'No credentials, or expired ones.',
  '403': 'The role is too low.',
  '404': 'There is no such thing.',
  '409': 'The state of things does not allow it.',
  '413': 'The body is larger than 1 MB.',
  '415': 'The body is not JSON.',
  '422': 'The request is understood, but wrong.',
  '503': 'Passing: try again after the time that Retry-After says.',
};

/**
 * The REST API as OpenAPI 3.1, made from the routes' own schemas.
 *
 * @param version the package's version
 */
export function describeApi(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    paths[shownPath(route.path)] = {
      ...paths[shownPath(route.path)],
      [route.method.toLowerCase()]: describeOperation(route),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Headrace',
      version,
      description: 'Launch and follow runs, and report what happened to assets elsewhere.',
    },
    paths,
    components: {
      schemas: { ...namedSchemas(), Problem: plain(problemSchema, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function describeOperation({ path, role, operation }: Route): JsonObject {
  const isPublic = role === null;
  return {
    summary: operation.summary,
    description: [operation.description, isPublic ? undefined : `Needs the role \`${role}\`.`]
      .filter(Boolean)
      .join('\n\n'),
    security: isPublic ? [] : [{ bearer: [] }],
    parameters: [
      ...pathParameters(path),
      ...parameters('query', operation.query),
      ...parameters('header', operation.headers),
    ],
    ...(operation.rawBody === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: {} } } } }),
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: {
            required: !operation.body.safeParse(undefined).success,
            content: { 'application/json': { schema: reference(operation.body, 'input') } },
          },
        }),
    responses: { ...describeAnswers(operation), ...(isPublic ? {} : problems()) },
  };
}

function describeAnswers({ answers, summary }: Operation): JsonObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: schema.description ?? summary,
        content: { 'application/json': { schema: reference(schema, 'output') } },
      },
    ]),
  );
}

function problems(): JsonObject {
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: { $ref: `${SCHEMAS}Problem` } } } },
    ]),
  );
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/\{(\w+)(\+?)\}/g)].map(([, name = '', more]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    ...(more === '' ? {} : { description: 'Its slashes may be written as they are, or as %2F.' }),
  }));
}

function parameters(place: 'query' | 'header', schema: z.ZodObject | undefined): JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = plain(schema, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function namedSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(named, {
    uri: (id) => SCHEMAS + id,
    io: 'input',
    unrepresentable: 'any',
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema as JsonObject]),
  );
}

function reference(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  if (schema instanceof z.ZodPrefault) return reference(schema.unwrap() as z.ZodType, io);
  const id = named.get(schema)?.id;
  return id === undefined ? plain(schema, io) : { $ref: SCHEMAS + id };
}

/** A schema written out in place. */
function plain(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as JsonObject;
}
