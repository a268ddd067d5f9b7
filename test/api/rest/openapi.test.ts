import { describe, expect, test } from '@jest/globals';
import { describeApi } from '../../../lib/api/rest/openapi';
import { ROUTES } from '../../../lib/api/rest/routes';

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DescribedOperation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}
interface DescribedOperation {
  readonly summary: string;
  readonly security: unknown[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: object }> };
  readonly responses: Record<string, { readonly description: string; readonly content: object }>;
}

const description = describeApi(ROUTES, '1.2.3') as unknown as Description;

/** Every `$ref` of a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item] : references(item),
  );
}

/** Every schema of an array in a document, also where it refers to another part; `JsonValue` is what the caller makes of it. */
function arraysIn(value: unknown, seen = new Set<string>()): readonly { readonly maxItems?: number }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { $ref, type } = value as { readonly $ref?: string; readonly type?: unknown };
  const name = $ref?.replace('#/components/schemas/', '');
  if (name !== undefined) {
    if (name === 'JsonValue' || seen.has(name)) return [];
    return arraysIn(description.components.schemas[name], new Set([...seen, name]));
  }
  return [
    ...(type === 'array' ? [value as { readonly maxItems?: number }] : []),
    ...Object.values(value).flatMap((item) => arraysIn(item, seen)),
  ];
}

describe("the API's description", () => {
  test('has every route once', () => {
    const described = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = ROUTES.map(({ method, path }) => `${method} ${path.replace('+}', '}')}`);
    expect(described.sort()).toEqual(served.sort());
  });

  test('refers only to schemas that it holds, and holds none that nothing refers to', () => {
    const referred = new Set(references(description).map((ref) => ref.replace('#/components/schemas/', '')));
    expect([...referred].sort()).toEqual(Object.keys(description.components.schemas).sort());
  });

  test('says of every route its parameters, its answers and its problems', () => {
    for (const [path, operations] of Object.entries(description.paths)) {
      for (const operation of Object.values(operations)) {
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => name)).toEqual(named);
        expect(inPath.every(({ required }) => required)).toBe(true);
        const statuses = Object.keys(operation.responses);
        expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
        expect(statuses.includes('403')).toBe(operation.security.length > 0);
      }
    }
  });

  test('says of every list that a request may have how long it may be', () => {
    const requests = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { parameters, requestBody }]) => ({
        route: `${method} ${path}`,
        lists: arraysIn([parameters, requestBody ?? {}]),
      })),
    );
    expect(requests.flatMap(({ lists }) => lists).length).toBeGreaterThan(10);
    expect(
      requests.flatMap(({ route, lists }) =>
        lists.filter(({ maxItems }) => maxItems === undefined).map(() => route),
      ),
    ).toEqual([]);
  });

  test('tells what a launch takes', () => {
    const launch = description.paths['/api/runs']?.post;
    expect(launch?.parameters).toMatchObject([{ name: 'idempotency-key', in: 'header', required: false }]);
    expect(launch?.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/LaunchRun' } } },
    });
    expect(description.components.schemas.LaunchRun).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { job: { type: 'string' }, assets: { type: 'array', items: { type: 'string' } } },
    });
    expect(Object.keys(launch?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '201', '409', '422', '503']),
    );
  });

  test('bodies that may be left out are not required', () => {
    expect(description.paths['/api/runs/{id}/cancel']?.post?.requestBody).toEqual({
      required: false,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/CancelRun' } } },
    });
  });
});
