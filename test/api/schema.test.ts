import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type DocumentNode,
  isInterfaceType,
  isObjectType,
  isUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
  specifiedRules,
  validate,
} from 'graphql';
import { queryLimits } from '../../lib/api/query-limits';
import { schema } from '../../lib/api/schema';
import { dashboardDocuments } from '../support/api-dashboard-documents';
import { type ApiHarness, createApiHarness } from '../support/api-harness';

const PRINTED = join(process.cwd(), 'lib', 'api', 'schema.graphql');

describe('the GraphQL schema', () => {
  test('is the one that is kept beside it', async () => {
    const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;
    if (process.env.UPDATE_SCHEMA === '1') await writeFile(PRINTED, printed);
    const kept = await readFile(PRINTED, 'utf8');
    // A difference of thousands of lines helps nobody: say how to get over it.
    const answer =
      kept === printed ? 'current' : 'outdated: UPDATE_SCHEMA=1 npm run jest -- test/api/schema.test.ts';
    expect(answer).toBe('current');
  });

  test('every union whose name says so has a member for errors', () => {
    const unions = Object.values(schema.getTypeMap()).filter(isUnionType);
    const without = unions
      .filter(({ name }) => name.endsWith('OrError'))
      .filter((union) =>
        union.getTypes().every(({ name }) => !name.endsWith('Error') && !name.endsWith('NotFound')),
      );
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test('every interface has types that implement it', () => {
    const types = Object.values(schema.getTypeMap());
    for (const type of types.filter(isInterfaceType)) {
      expect([type.name, schema.getPossibleTypes(type).length > 0]).toEqual([type.name, true]);
    }
    expect(types.filter(isObjectType).length).toBeGreaterThan(100);
  });
});

describe("the dashboard's documents", () => {
  let documents: readonly { readonly name: string; readonly file: string; readonly text: string }[];
  let harness: ApiHarness;
  beforeAll(async () => {
    documents = await dashboardDocuments();
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());

  test('are all valid, within the limits on depth and aliases', () => {
    expect(documents.length).toBeGreaterThan(20);
    const mistakes = documents.flatMap(({ name, file, text }) =>
      validate(schema, parse(text) as DocumentNode, [...specifiedRules, queryLimits]).map(
        (error) => `${file} ${name}: ${error.message}`,
      ),
    );
    expect(mistakes).toEqual([]);
  });

  test('that need no variables are answered without an error', async () => {
    const free = documents.filter(
      ({ text }) => /^\s*query\s+\w+\s*\{/.test(text) || !/\$\w+:\s*[^)=,]*!/.test(text),
    );
    const queries = free.filter(({ text }) => /^\s*query\b/.test(text));
    expect(queries.length).toBeGreaterThan(5);
    for (const { name, text } of queries) {
      const answer = await harness.graphql(text);
      expect({ name, errors: answer.errors, failed: harness.errors }).toEqual({
        name,
        errors: undefined,
        failed: [],
      });
    }
  });
});
